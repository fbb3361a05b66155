export declare function installPackages(...choices: string[][]): Promise<boolean>;
