import { expect, it } from 'vitest';

import { layLabels, layOutlines, type PlacedLabel } from '@/components/object/outline-layout';
import { createFieldObject } from '@/testing/fixtures';

const FRAME = { width: 390, height: 292 };

const labelsOf = (...places: [name: string, x: number, y: number][]): PlacedLabel[] => {
  const objects = places.map(([name, x, y]) =>
    createFieldObject({ name, x, y, semi_major: 5, semi_minor: 5 }),
  );
  return layLabels(layOutlines(objects, 1, FRAME), FRAME);
};

it('places a label above its object, or below it at the top of the image', () => {
  const [first, second] = labelsOf(['M 31', 100, 100], ['M 32', 200, 4]);
  expect(first).toMatchObject({ text: 'M 31', x: 100.5 });
  expect(first?.y).toBeLessThan(95);
  expect(second?.y).toBeGreaterThan(9);
});

it('never lets labels overlap, and leaves out those without a place', () => {
  const crowd = Array.from({ length: 40 }, (_, index): [string, number, number] => [
    `NGC ${4400 + index}`,
    180 + (index % 8) * 6,
    130 + Math.floor(index / 8) * 6,
  ]);
  const labels = labelsOf(...crowd);
  expect(labels.length).toBeGreaterThan(0);
  expect(labels.length).toBeLessThan(40);
  for (const one of labels) {
    const others = labels.filter((other) => other !== one);
    expect(others.every(({ x, y }) => Math.abs(x - one.x) >= 55 || Math.abs(y - one.y) >= 14)).toBe(
      true,
    );
  }
});

it('labels the first object even if every place covers another object', () => {
  const crowd = Array.from({ length: 49 }, (_, index): [string, number, number] => [
    `IC ${index}`,
    140 + (index % 7) * 14,
    110 + Math.floor(index / 7) * 12,
  ]);
  expect(labelsOf(['M 86', 180, 145], ...crowd)[0]?.text).toBe('M 86');
});

it('keeps labels inside the image', () => {
  for (const { x, y } of labelsOf(['NGC 7000', 1, 1], ['IC 5070', 389, 291], ['M 39', 389, 100])) {
    expect(x).toBeGreaterThan(10);
    expect(x).toBeLessThan(380);
    expect(y).toBeGreaterThan(5);
    expect(y).toBeLessThan(287);
  }
});

it('leaves out outlines that do not cross the image', () => {
  const around = createFieldObject({
    name: 'Gum 12',
    x: 200,
    y: 150,
    semi_major: 900,
    semi_minor: 900,
  });
  const outside = createFieldObject({
    name: 'M 32',
    x: -500,
    y: 150,
    semi_major: 50,
    semi_minor: 50,
  });
  const partly = createFieldObject({
    name: 'M 31',
    x: -40,
    y: 150,
    semi_major: 50,
    semi_minor: 50,
  });
  const names = layOutlines([around, outside, partly], 1, FRAME).map(({ object }) => object.name);
  expect(names).toEqual(['M 31']);
});

it('scales positions and sizes, and shows tiny objects as small circles', () => {
  const big = createFieldObject({ x: 399.5, y: 199.5, semi_major: 100, semi_minor: 40 });
  const tiny = createFieldObject({ name: 'M 32', x: 0, y: 0, semi_major: null, semi_minor: null });
  const [first, second] = layOutlines([big, tiny], 0.5, FRAME);
  expect(first).toMatchObject({ x: 200, y: 100, semiMajor: 50, semiMinor: 20 });
  expect(second?.semiMajor).toBeGreaterThan(4);
});
