// Browsers keep positions in 32-bit fixed point: past about 7 million pixels,
// rows start to overlap. Taller tables are scrolled in scale, not in pixels.
export const MAX_CONTENT_HEIGHT = 7_000_000;

/**
 * Between the scrollbar and the rows: how far down the rows a place of the scrollbar is, and the other way round.
 *
 * All heights are those of the rows alone, without the header that stands above them.
 */
export interface Scale {
  /** How tall the scrolled content must be made. */
  readonly height: number;
  /** From a place of the scrollbar to pixels of rows above the window. */
  toRows(scrollTop: number): number;
  /** From pixels of rows above the window to the place of the scrollbar. */
  toScroll(above: number): number;
}

export function scaleFor(rowsHeight: number, windowHeight: number, max = MAX_CONTENT_HEIGHT): Scale {
  if (rowsHeight <= max) return { height: rowsHeight, toRows: (top) => top, toScroll: (above) => above };
  const ratio = (rowsHeight - windowHeight) / (max - windowHeight);
  return {
    height: max,
    toRows: (top) => top * ratio,
    toScroll: (above) => above / ratio,
  };
}
