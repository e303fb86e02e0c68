/** Shifts out of a list as it is printed; what is no number in a spectrum's range is told. */
export function readShifts(text: string): { shifts: number[]; unread: string[] } {
  const shifts: number[] = [];
  const unread: string[] = [];
  // "(s, C-4)" and the like after a shift say what it is, not where.
  for (const word of text.replace(/\([^)]*\)/g, " ").split(/[\s;]+|,(?!\d)|,(?=\d+\.)/)) {
    // A comma between digits is a decimal comma where the list is parted otherwise.
    const plain = word.replace(/^,|,$/g, "");
    if (plain === "" || /^(ppm|δ|13C|and)$/i.test(plain)) continue;
    const shift = Number(plain.replace(",", ".").replace("−", "-"));
    if (Number.isFinite(shift) && shift > -60 && shift < 300) shifts.push(shift);
    else unread.push(plain);
  }
  return { shifts, unread };
}
