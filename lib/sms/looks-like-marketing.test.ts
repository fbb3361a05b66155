import { describe, expect, test } from 'vitest';
import { findMarketingSign, marketingSigns } from './looks-like-marketing';

describe('what reads like marketing', () => {
  const examples: readonly [sign: string, text: string, found: string][] = [
    [
      'price',
      'Karoo Coffee: the Sneeuberg blend is back. R165 for 500 g, in store. STOP to opt out.',
      'R165',
    ],
    ['price', 'All-weather jackets from R1 299.00', 'R1 299.00'],
    ['price', 'Karoo Koffie: melktert is weer op die toonbank. R32 ’n sny.', 'R32'],
    ['per cent off', '40% off all-terrain tyres till Saturday', '40% off'],
    ['sale', 'Our WINTER SALE starts on Friday', 'WINTER SALE'],
    ['special', 'This week’s specials are out', 'specials'],
    ['special', 'Special price for members', 'Special'],
    ['discount', 'Members get a discount on Tuesdays', 'discount'],
    ['promotion', 'Use promo code KAROO at the till', 'promo'],
    ['offer', 'See our offers in store', 'our offers'],
    ['saving', 'Save up to 30% on paint', 'Save up to 30%'],
    ['saving', 'Buy 2 bags, get the third one', 'Buy 2 bags, get'],
    ['several for one', '4 for the price of 3 on all 15" tyres', '4 for the price of 3'],
    ['free', 'Free wheel alignment with any service', 'Free wheel alignment'],
    ['pressure', 'LAST CHANCE! Closes on Saturday', 'LAST CHANCE'],
    ['prize', 'SMS your name and stand a chance', 'stand a chance'],
    ['new goods', 'Our new range has landed', 'new range'],
    ['order now', 'Order today, wear it tomorrow', 'Order today'],
    [
      'offer with a link',
      'Gift boxes are ready. Order at karoocoffee.example/gift',
      'Order at karoocoffee.example',
    ],
    ['uitverkoping', 'Groot skoonmaakuitverkoping hierdie naweek', 'skoonmaakuitverkoping'],
    ['spesiale aanbod', 'Ons het ’n spesiale aanbod vir jou', 'spesiale aanbod'],
    ['afslag', 'Kry 20 persent afslag', 'afslag'],
    ['gratis', 'Koop ’n kilogram en kry ’n pak beskuit gratis', 'kry ’n pak beskuit gratis'],
    ['koop nou', 'Bestel nou en ons bring dit', 'Bestel nou'],
  ];
  test.each(examples)('%s: %s', (_, text, found) => expect(findMarketingSign(text)).toBe(found));

  test('each sign of the table has an example', () => {
    const shown = new Set(examples.map(([sign]) => sign));
    expect(marketingSigns.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('no false alarm', () => {
  test.each([
    // codes
    'Your Client Zone code is 482 113. It is valid for 10 minutes. Never share it.',
    'Jou eenmalige wagwoord is 48211.',
    // deliveries with a price due
    'Your parcel arrives today between 10:00 and 12:00. R199 is due on delivery.',
    'Your order 4821 is out for delivery. Please have R1 250.00 ready for the driver.',
    'Track your order at www.courier.co.za/t/48211',
    'Jou pakkie kom vandag. R250 is betaalbaar by aflewering.',
    // what is owed and was paid
    'Your account is R1 250,00 in arrears. Pay at city.co.za or phone 031 555 0142.',
    'Thank you, we received your payment of R450.00 on invoice 1182.',
    'FNB: R500.00 paid from cheq acc..1234 @ Spar. Avail R2 000.',
    'Ons het jou betaling van R450 ontvang.',
    'Your premium of R389 will be debited on 1 December.',
    // appointments
    'Bayside Dental: dear Ms Naidoo, we expect you on Tue 1/12 at 9:15. Reply YES to confirm, or phone 031 555 0142 to change it.',
    'Your appointment with the specialist, Dr Botha, is on Monday at 10:00. The consultation fee is R850.',
    'Are you free on Tuesday at 14:00? Reply YES.',
    // words that only look like it
    'Please send us any special instructions for the delivery.',
    'The deed of sale is ready to be signed.',
    'Our sales team will phone you about your query.',
    'Your offer to purchase was accepted. The bank will contact you.',
    'Congratulations, here is an offer of employment; please sign it.',
    'Phone us toll-free, or feel free to reply.',
    'The branch in Bloemfontein, Free State, is closed tomorrow.',
    'Water is off from 08:00 to 16:00 in ward 27. RING 0800 111 222.',
    'The R62 is closed near Barrydale after rain. Take the N2.',
    'School closes at 12:00 today. Please collect your child at gate R2.',
    '',
  ])('%s', (text) => expect(findMarketingSign(text)).toBeNull());
});
