export declare function findChromium(): string | null;
export declare function installChromium(): Promise<boolean>;
export declare const chromiumFlags: string[];
