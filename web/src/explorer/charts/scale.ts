/** Steps of colour: few enough to be told apart, at round numbers. */

/** Numbers of which a legend is easily read: 1, 2 and 5 times a power of ten. */
export function roundDown(value: number): number {
  if (value <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = value / power;
  // A quotient of floating numbers may fall a hair short of its step.
  const step = digit >= 5 - 1e-9 ? 5 : digit >= 2 - 1e-9 ? 2 : 1;
  return step * power;
}

export const STEPS = 5;

/**
 * The bounds between the steps, rising: round numbers near the quintiles, so that a few giants do not leave all the rest
 * in one colour. Fewer bounds come out where values are few or alike.
 */
export function boundsOf(values: readonly number[]): number[] {
  const positive = values.filter((value) => value > 0).toSorted((left, right) => left - right);
  const bounds: number[] = [];
  for (let step = 1; step < STEPS; step += 1) {
    const value = positive[Math.floor((positive.length * step) / STEPS)];
    const bound = value === undefined ? 0 : roundDown(value);
    const smallest = positive[0] ?? 0;
    if (bound > smallest && bound > (bounds.at(-1) ?? 0)) bounds.push(bound);
  }
  return bounds;
}

/** Bounds of change, as fractions: a fall or a rise by more than 20 %, by more than 5 %, or neither. */
export const GROWTH_BOUNDS = [-0.2, -0.05, 0.05, 0.2];

/** The step of a value, 0 the lowest: how many bounds it reaches. */
export function stepOf(value: number, bounds: readonly number[]): number {
  let step = 0;
  for (const bound of bounds) if (value >= bound) step += 1;
  return step;
}

/** The step's place on the scale of five colours, so that two steps are the palest and the strongest. */
export function colourOf(step: number, steps: number): number {
  return steps <= 1 ? STEPS : Math.round(1 + (step * (STEPS - 1)) / (steps - 1));
}
