/** A sub-account with its figures, as its main account sees it. */
export interface SubAccount {
  id: number;
  name: string;
  status: 'ACTIVE' | 'SUSPENDED';
  /** Whole credits it has. */
  credits: number;
  /** Messages of this calendar month, in its own time zone, that were not blocked. */
  sentThisMonth: number;
  /** On its Auto Opt-Outs list now. */
  optOuts: number;
  /** ISO 8601, UTC. */
  createdAt: string;
}
