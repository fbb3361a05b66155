import type { Connection, FieldDef, PoolClient } from 'pg';

/** What PostgreSQL says of a statement without running it. */
export interface DescribedStatement {
  /** Numbers of the types of $1, $2, … */
  parameters: number[];
  fields: FieldDef[];
}

/**
 * Has PostgreSQL parse a statement and say what goes in and what comes out. Throws what it finds wrong with
 * it.
 */
export async function describeStatement(client: PoolClient, text: string): Promise<DescribedStatement> {
  return new Promise((resolve, reject) => {
    client.query(new Description(text, resolve, reject) as never);
  });
}

/** Parse and Describe of the extended protocol, which node-postgres knows and does not offer. */
class Description {
  private parameters: number[] = [];
  private fields: FieldDef[] = [];

  constructor(
    private readonly text: string,
    private readonly resolve: (described: DescribedStatement) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  submit(connection: Connection): void {
    connection.once('parameterDescription', ({ dataTypeIDs }: { dataTypeIDs: number[] }) => {
      this.parameters = dataTypeIDs;
    });
    connection.parse({ name: '', text: this.text, types: [] }, true);
    connection.describe({ type: 'S', name: '' }, true);
    connection.sync();
  }

  handleRowDescription({ fields }: { fields: FieldDef[] }): void {
    this.fields = fields;
  }

  handleError(error: Error): void {
    this.reject(error);
  }

  handleReadyForQuery(): void {
    this.resolve({ parameters: this.parameters, fields: this.fields });
  }
}
