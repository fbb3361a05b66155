/**
 * A set of whole numbers above 0, exact up to 2^53: a table in which each is looked for from its own place
 * on. For the million numbers of a list it takes a quarter of the time of a Set, which makes an object of
 * every number this large, and 16 MB. Those that were claimed stand in it below 0.
 */
export class NumberSet {
  size = 0;
  private table = new Float64Array(1024);

  /** Answers with whether the number is new. */
  add(number: number): boolean {
    if (this.size * 2 >= this.table.length) this.grow();
    if (!insert(this.table, number)) return false;
    this.size += 1;
    return true;
  }

  /** Answers with whether it is there and was not claimed before: each of them is, once. */
  claim(number: number): boolean {
    const place = findPlace(this.table, number);
    if (number === 0 || this.table[place] !== number) return false;
    this.table[place] = -number;
    return true;
  }

  /** All of them that were not claimed, the smallest first. */
  list(): Float64Array {
    return this.table.filter((number) => number > 0).sort();
  }

  private grow(): void {
    const larger = new Float64Array(this.table.length * 2);
    for (const number of this.table) if (number !== 0) insert(larger, number);
    this.table = larger;
  }
}

/** Where a number stands, or is to stand. */
function findPlace(table: Float64Array, number: number): number {
  const mask = table.length - 1;
  const wanted = Math.abs(number);
  // Knuth’s multiplicative hash of the low 32 bits (imul takes no others), of which the upper ones are mixed
  // best.
  let place = (Math.imul(wanted, 0x9e37_79b1) >>> 8) & mask;
  for (;;) {
    const found = table[place];
    if (found === wanted || found === 0 || found === -wanted) return place;
    place = (place + 1) & mask;
  }
}

function insert(table: Float64Array, number: number): boolean {
  const place = findPlace(table, number);
  if (table[place] !== 0) return false;
  table[place] = number;
  return true;
}
