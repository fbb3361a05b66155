/**
 * The text of an uncompressed PDF as pdfkit writes it, page by page and without white space: glyphs are
 * turned back into characters by the table (ToUnicode) that the file brings along, as a reader does when
 * somebody copies from it.
 */
export function readPdfText(pdf: Buffer): string[] {
  const source = pdf.toString('latin1');
  const objects = new Map(
    [...source.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map((match) => [
      match[1],
      match[2] ?? '',
    ]),
  );
  const get = (id: string | undefined) => objects.get(id ?? '') ?? '';
  const find = (text: string, pattern: RegExp) => pattern.exec(text)?.[1];

  const pages = [...objects.values()].filter((object) => /\/Type \/Page\n/.test(object));
  return pages.map((page) => {
    const resources = get(find(page, /\/Resources (\d+) 0 R/));
    const fonts = new Map(
      [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, id]) => [
        name,
        readCharacterMap(get(find(get(id), /\/ToUnicode (\d+) 0 R/))),
      ]),
    );
    let characters: string[] = [];
    let text = '';
    for (const [, font, glyphs] of get(find(page, /\/Contents (\d+) 0 R/)).matchAll(
      /\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g,
    )) {
      if (font) characters = fonts.get(font) ?? [];
      for (const [, run = ''] of (glyphs ?? '').matchAll(/<([0-9a-f]+)>/g)) {
        for (const [glyph] of run.matchAll(/.{4}/g))
          text += characters[Number.parseInt(glyph, 16)] ?? '\uFFFD';
      }
    }
    return text.replace(/\s+/g, '');
  });
}

/** Which characters each glyph stands for. */
function readCharacterMap(cmap: string): string[] {
  const characters: string[] = [];
  for (const [, start = '', list = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g)) {
    const values = [...list.matchAll(/<([0-9a-f ]*)>/g)].map(([, hex = '']) =>
      Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
    );
    values.forEach((value, index) => (characters[Number.parseInt(start, 16) + index] = value));
  }
  return characters;
}
