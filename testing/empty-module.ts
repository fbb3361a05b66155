// Stands for `server-only` in tests: that package throws wherever React's server condition is not set.
export {};
