/** What the page of the API shows. */
export interface ShownField {
  name: string;
  /** In words: "integer", "list of OptOut". */
  type: string;
  isRequired: boolean;
  note: string | null;
}

export interface ShownOperation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  /** What the key must be allowed: "Opt-outs". */
  permission: string;
  /** With where each goes: "in the path". */
  parameters: (ShownField & { place: string })[];
  /** Of the body; empty: there is none. */
  body: ShownField[];
  /** `schema` names one of the schemas; null: no body. */
  answers: { status: number; schema: string | null }[];
  problems: { code: string; status: number }[];
  examples: { language: string; code: string }[];
}

export interface ShownSchema {
  name: string;
  fields: ShownField[];
}

export interface ShownProblem {
  code: string;
  status: number;
  title: string;
  advice: string;
}
