/** A probability as people say it. */
export function probabilityWords(probability: number): string {
  if (probability >= 0.99) return "almost certainly right";
  if (probability >= 0.9) return "very likely right";
  if (probability >= 0.7) return "likely right";
  if (probability >= 0.4) return "possibly right";
  if (probability >= 0.1) return "unlikely to be right";
  return "very unlikely to be right";
}

/** A probability in figures: never 1.00 or 0.00 for what is not certain. */
export function probabilityNumber(probability: number): string {
  if (probability > 0.995 && probability < 1) return "> 0.99";
  if (probability < 0.005 && probability > 0) return "< 0.01";
  return probability.toFixed(2);
}
