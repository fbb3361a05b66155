export declare const bearerbox: string;
export declare const smsbox: string;
export declare const howToGetKannel: string;
export declare function hasKannel(): boolean;
export declare function installKannel(): Promise<boolean>;
