//! How much of a file we accept. Every number is far above an inventory, and far below harm.

/// What a reader accepts. Each limit is the largest value that still passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Parts in a workbook's archive: sheets, styles, pictures… An honest one has some dozens.
    pub parts: usize,
    /// Bytes that come out of one part of the archive. What the archive says about it is not believed.
    pub part_bytes: u64,
    /// Bytes that come out of the archive in all.
    pub unpacked_bytes: u64,
    /// Bytes of the part that holds the styles, of which each becomes some hundred bytes in memory.
    pub styles_bytes: u64,
    /// Sheets, hidden ones too.
    pub sheets: usize,
    /// The number of the last row.
    pub rows: u32,
    /// Columns, counted from the first.
    pub columns: u32,
    /// Cells in all sheets, empty ones with a format too.
    pub cells: usize,
    /// Cells in all sheets that hold something: twenty-five columns of twenty thousand rows.
    pub filled: usize,
    /// Bytes of text in one cell. A spreadsheet itself stops at 32,767 characters.
    pub cell_bytes: usize,
    /// Bytes of text in all cells and notes: one shared text counts as often as it is shown.
    pub text_bytes: usize,
    /// Merged ranges, links and notes of a sheet, each.
    pub marks: usize,
    /// Links of a sheet that hang on several cells each: all of them are asked about every cell.
    pub wide_links: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 20 << 20,
            parts: 512,
            part_bytes: 64 << 20,
            unpacked_bytes: 128 << 20,
            styles_bytes: 16 << 20,
            sheets: 50,
            rows: 60_000,
            columns: 256,
            cells: 3_000_000,
            filled: 500_000,
            cell_bytes: 64 << 10,
            text_bytes: 32 << 20,
            marks: 20_000,
            wide_links: 200,
        }
    }
}
