const BLOCK = 2880;

/** Creates a 16-bit FITS image that shows a round glow (FITS 4.0, sections 3.3 and 4). */
export const fitsImage = (side = 64): Buffer => {
  const cards = [
    'SIMPLE  = T',
    'BITPIX  = 16',
    'NAXIS   = 2',
    `NAXIS1  = ${side}`,
    `NAXIS2  = ${side}`,
    'END',
  ];
  const header = Buffer.from(cards.map(card).join('').padEnd(BLOCK));
  const data = Buffer.alloc(Math.ceil((side * side * 2) / BLOCK) * BLOCK);
  for (let pixel = 0; pixel < side * side; pixel++) {
    data.writeInt16BE(brightness(pixel % side, Math.floor(pixel / side), side), pixel * 2);
  }
  return Buffer.concat([header, data]);
};

/** Returns an 80-character FITS header card with the value right-aligned in columns 11 to 30. */
const card = (text: string): string => {
  const [keyword, value] = text.split('= ');
  return (value === undefined ? text : `${keyword ?? ''}= ${value.padStart(20)}`).padEnd(80);
};

const brightness = (x: number, y: number, side: number): number => {
  const distance = ((x - side / 2) ** 2 + (y - side / 2) ** 2) / side;
  return Math.round(100 + 20_000 * Math.exp(-distance));
};
