export declare function prepare(): Promise<void>;
export declare function run(
  command: string[],
  environment: Record<string, string>,
  complaint: string,
): Promise<void>;
