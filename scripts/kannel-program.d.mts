export declare const bearerbox: string;
export declare function commandOfBox(
  box: 'bearerbox' | 'smsbox',
  configuration: string,
): [string, ...string[]];
export declare const howToGetKannel: string;
export declare function hasKannel(): boolean;
export declare function installKannel(): Promise<boolean>;
