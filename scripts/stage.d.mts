export declare class StageError extends Error {
  constructor(message: string, details?: string);
  details: string;
}
export declare function runStage<Result>(
  doing: string,
  done: string,
  work: () => Promise<Result>,
): Promise<Result>;
export declare class Stages {
  sound: boolean;
  attempt: (doing: string, done: string, work: () => Promise<unknown>) => Promise<boolean>;
  fail(error: unknown): void;
}
export declare function note(line: string): void;
export declare function printFailure(error: unknown): void;
export interface SignIn {
  role: string;
  username: string;
  password: string;
  note: string;
}
export declare function printSignIns(signIns: SignIn[]): void;
