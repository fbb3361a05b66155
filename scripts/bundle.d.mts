export declare const workerEntry: string;
export declare const productionPrograms: string[];
export declare function bundle(entries: string[]): Promise<boolean>;
export declare function bundleOf(entry: string): string;
