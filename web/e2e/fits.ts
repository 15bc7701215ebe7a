const BLOCK = 2880;
const SIDE = 64;

/** Creates a small 16-bit FITS image that shows a round glow (FITS 4.0, sections 3.3 and 4). */
export const fitsImage = (): Buffer => {
  const cards = [
    'SIMPLE  = T',
    'BITPIX  = 16',
    'NAXIS   = 2',
    `NAXIS1  = ${SIDE}`,
    `NAXIS2  = ${SIDE}`,
    'END',
  ];
  const header = Buffer.from(cards.map(card).join('').padEnd(BLOCK));
  const data = Buffer.alloc(Math.ceil((SIDE * SIDE * 2) / BLOCK) * BLOCK);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    data.writeInt16BE(brightness(pixel % SIDE, Math.floor(pixel / SIDE)), pixel * 2);
  }
  return Buffer.concat([header, data]);
};

/** Returns an 80-character FITS header card with the value right-aligned in columns 11 to 30. */
const card = (text: string): string => {
  const [keyword, value] = text.split('= ');
  return (value === undefined ? text : `${keyword ?? ''}= ${value.padStart(20)}`).padEnd(80);
};

const brightness = (x: number, y: number): number => {
  const distance = ((x - SIDE / 2) ** 2 + (y - SIDE / 2) ** 2) / SIDE;
  return Math.round(100 + 20_000 * Math.exp(-distance));
};
