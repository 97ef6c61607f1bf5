const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
const halfLnTwoPi = 0.5 * Math.log(2 * Math.PI);

/** ln Γ(z) for z > 0: Stirling's series (Abramowitz and Stegun 6.1.41) above 15, the recurrence below. */
export function lnGamma(z: number): number {
  let shift = 1;
  let at = z;
  while (at < 15) shift *= at++;
  let sum = 0;
  let power = 1 / at;
  for (const term of stirling) {
    sum += term * power;
    power /= at * at;
  }
  return (at - 0.5) * Math.log(at) - at + halfLnTwoPi + sum - Math.log(shift);
}

/**
 * ln Q(a, x), the logarithm of the regularised upper incomplete gamma function: right in tails that 1 − cdf rounds to
 * zero, and finite where Q itself would underflow. Series below a + 1 (Abramowitz and Stegun 6.5.29), Legendre's
 * continued fraction above (6.5.31), evaluated after Lentz.
 */
export function lnUpperGamma(a: number, x: number): number {
  if (!(x > 0)) return 0;
  const lnFront = a * Math.log(x) - x - lnGamma(a);
  if (x >= a + 1) return lnFront + Math.log(upperFraction(a, x));
  let term = 1 / a;
  let sum = term;
  for (let at = a + 1; term > sum * 1e-17; at++) {
    term *= x / at;
    sum += term;
  }
  return Math.log1p(-Math.exp(lnFront) * sum);
}

function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 10_000; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return fraction;
}

/** ln of the upper tail of the chi² distribution. */
export function lnChiSquareTail(statistic: number, degreesOfFreedom: number): number {
  return lnUpperGamma(degreesOfFreedom / 2, statistic / 2);
}

/** The value that a chi² variable exceeds with the given probability, by bisection. */
export function chiSquareUpperQuantile(probability: number, degreesOfFreedom: number): number {
  return solveTail((x) => lnChiSquareTail(x, degreesOfFreedom), probability);
}

/** Where a falling ln tail reaches ln `probability`, to the last digits of a float64. */
export function solveTail(lnTail: (x: number) => number, probability: number): number {
  const wanted = Math.log(probability);
  let low = 0;
  let high = 1;
  while (lnTail(high) > wanted) high *= 2;
  for (let i = 0; i < 80 && low < high; i++) {
    const middle = (low + high) / 2;
    if (lnTail(middle) > wanted) low = middle;
    else high = middle;
  }
  return high;
}
