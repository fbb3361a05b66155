import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bearerbox } from '@/testing/bearerbox';
import { composeBoxSms } from '@/testing/box-sms';
import { waitUntil } from '@/testing/poll';
import { KannelBox, type BoxOptions } from './box';
import type { BoxSms } from './box-messages';

let bearerbox: Bearerbox;
let box: KannelBox | null;

beforeEach(async () => {
  bearerbox = await Bearerbox.start();
});
afterEach(async () => {
  await box?.stop();
  await bearerbox.stop();
});

function start(take: BoxOptions['take']): void {
  box = new KannelBox({ host: '127.0.0.1', port: bearerbox.port, take, pauseMs: 1 });
  box.start();
}

async function connected(place = 0) {
  const { connections } = bearerbox;
  await waitUntil('the box has said who it is', () => (connections[place]?.said.length ?? 0) > 0);
  return connections[place] as (typeof connections)[number];
}

/** Takes when told to, by id. */
class Taker {
  readonly waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  readonly take = ({ id }: BoxSms) =>
    new Promise<void>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
}

const ids = ['a', 'b', 'c'];
const sms = (...given: string[]) =>
  Buffer.concat(given.map((id) => composeBoxSms({ id, sender: '27735550199', text: 'Stop' })));

test('nothing is acknowledged before it is taken, and then it is, each by its id', async () => {
  const taker = new Taker();
  start(taker.take);
  const { socket, said } = await connected();
  expect(said).toEqual(['box client-zone']);
  socket.write(sms(...ids));
  await waitUntil('all are under way', () => taker.waiting.size === 3);
  taker.waiting.get('b')?.resolve();
  await waitUntil('one is acknowledged', () => said.length === 2);
  expect(said).toEqual(['box client-zone', 'ack b']);
  taker.waiting.get('a')?.resolve();
  taker.waiting.get('c')?.resolve();
  await waitUntil('all are', () => said.length === 4);
  expect(said.slice(2).sort()).toEqual(['ack a', 'ack c']);
});

test('what cannot be recorded is not acknowledged: the connection ends after the others, and another begins', async () => {
  const taker = new Taker();
  start(taker.take);
  const first = await connected();
  first.socket.write(sms(...ids));
  await waitUntil('all are under way', () => taker.waiting.size === 3);
  taker.waiting.get('a')?.reject(new Error('away'));
  taker.waiting.get('b')?.resolve();
  taker.waiting.get('c')?.resolve();
  await waitUntil('it has ended', () => first.isOver);
  expect([...first.said].sort()).toEqual(['ack b', 'ack c', 'box client-zone']);

  const second = await connected(1);
  taker.waiting.clear();
  second.socket.write(sms('a'));
  await waitUntil('it is offered again', () => taker.waiting.size === 1);
  taker.waiting.get('a')?.resolve();
  await waitUntil('and acknowledged', () => second.said.includes('ack a'));
});

test('a stop answers what is under way, and takes nothing more', async () => {
  const taker = new Taker();
  start(taker.take);
  const { socket, said } = await connected();
  socket.write(sms('a'));
  await waitUntil('it is under way', () => taker.waiting.size === 1);
  const stopping = box?.stop();
  socket.write(sms('b'));
  taker.waiting.get('a')?.resolve();
  await stopping;
  await waitUntil('the connection is over', () => bearerbox.connections[0]?.isOver === true);
  expect(said).toEqual(['box client-zone', 'ack a']);
  expect([...taker.waiting.keys()]).toEqual(['a']);
  expect(bearerbox.connections).toHaveLength(1);
});

test('a bearerbox that stops is left when it has its answers, and found again', async () => {
  const taker = new Taker();
  start(taker.take);
  const first = await connected();
  const shutdown = Buffer.from('0000000c' + '00000001' + '00000000' + 'ffffffff', 'hex');
  first.socket.write(Buffer.concat([sms('a'), shutdown]));
  await waitUntil('it is under way', () => taker.waiting.size === 1);
  expect(first.isOver).toBe(false);
  taker.waiting.get('a')?.resolve();
  await waitUntil('it is left', () => first.isOver);
  expect(first.said).toEqual(['box client-zone', 'ack a']);
  await connected(1);
});

test('what is none of Kannel’s is left, and what it sent is not taken', async () => {
  const taken: string[] = [];
  start(async ({ id }) => void taken.push(id));
  const first = await connected();
  first.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
  await waitUntil('it is left', () => first.isOver);
  await connected(1);
  expect(taken).toEqual([]);
});

test('one that is away is looked for until it is there', async () => {
  const { server, port } = bearerbox;
  server.close();
  await once(server, 'close');
  start(async () => undefined);
  server.listen(port, '127.0.0.1');
  await connected();
  // Taken before anything was tried, the port would prove nothing; ended, it has to be found anew.
  bearerbox.connections[0]?.socket.destroy();
  await connected(1);
});

test('not wanted, it answers what is under way and leaves, and is back when it is wanted again', async () => {
  const taker = new Taker();
  start(taker.take);
  const { socket, said } = await connected();
  socket.write(sms('a'));
  await waitUntil('it is under way', () => taker.waiting.size === 1);
  box?.serve(false);
  taker.waiting.get('a')?.resolve();
  await waitUntil('it has left', () => bearerbox.connections[0]?.isOver === true);
  expect(said).toEqual(['box client-zone', 'ack a']);
  box?.serve(true);
  const again = await connected(1);
  again.socket.write(sms('b'));
  await waitUntil('the next is under way', () => taker.waiting.has('b'));
  taker.waiting.get('b')?.resolve();
  await waitUntil('and acknowledged', () => again.said.includes('ack b'));
  expect(bearerbox.connections).toHaveLength(2);
});
