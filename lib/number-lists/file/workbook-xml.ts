import { Parser } from 'saxen';
import { detectEncoding } from './encoding';

/** Takes the parts of an XML document as they come; names are without their namespace's prefix. */
export interface XmlTaker {
  open: (name: string, attributes: () => Record<string, string>) => void;
  close?: (name: string) => void;
  text?: (text: string) => void;
}

const pieceBytes = 256 * 1024;

/** The document is no XML, or not all of it. */
export class BrokenXmlError extends Error {
  override readonly name = 'BrokenXmlError';
}

/**
 * Reads a document piece by piece: as one text it could be too long for a string. Throws a
 * {@link BrokenXmlError}, or whatever the taker throws.
 */
export function readXml(document: Uint8Array, taker: XmlTaker): void {
  const parser = new Parser();
  parser.on('error', (error) => {
    throw new BrokenXmlError(error.message, { cause: error });
  });
  parser.on('openTag', (name, attributes, decode) =>
    taker.open(cutPrefix(name), () => readAttributes(attributes(), decode)),
  );
  const { close, text } = taker;
  if (close) parser.on('closeTag', (name) => close(cutPrefix(name)));
  if (text) {
    parser.on('text', (content, decode) => text(content.includes('&') ? decode(content) : content));
    parser.on('cdata', text);
  }
  const decoder = new TextDecoder(detectEncoding(document.subarray(0, 4)) ?? 'utf-8');
  for (let start = 0; start < document.length; start += pieceBytes) {
    parser.write(decoder.decode(document.subarray(start, start + pieceBytes), { stream: true }));
  }
  parser.write(decoder.decode());
  parser.end();
}

function readAttributes(raw: Record<string, string>, decode: (text: string) => string) {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (!name.startsWith('xmlns')) attributes[cutPrefix(name)] = decode(value);
  }
  return attributes;
}

function cutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
