import { expect, test } from 'vitest';
import { describeDevice, describePlace } from './describe-session';

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';

test.each([
  [`${windows} Chrome/141.0.0.0 Safari/537.36`, 'Chrome on Windows', 'computer'],
  [`${windows} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`, 'Microsoft Edge on Windows', 'computer'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox on Linux', 'computer'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari on macOS',
    'computer',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
    'phone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
    'phone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    'Samsung Internet for Android on Android',
    'phone',
  ],
  ['curl/8.5.0', 'curl', 'unknown'],
  ['', 'Unknown device', 'unknown'],
  ['\u0001\u0002', 'Unknown device', 'unknown'],
  [null, 'Unknown device', 'unknown'],
])('%s', (userAgent, device, kind) => {
  expect(describeDevice(userAgent)).toEqual({ device, kind });
});

test.each([
  ['203.0.113.9', 'Address 203.0.113.9'],
  ['2001:db8::7', 'Address 2001:db8::7'],
  ['192.168.1.7', 'Address 192.168.1.7, in a private network'],
  ['10.1.2.3', 'Address 10.1.2.3, in a private network'],
  ['fd00::1', 'Address fd00::1, in a private network'],
  ['127.0.0.1', 'On the server itself'],
  ['::1', 'On the server itself'],
  ['somewhere', 'Address not known'],
  [null, 'Address not known'],
])('%s is said to be: %s', (address, words) => {
  expect(describePlace(address)).toBe(words);
});
