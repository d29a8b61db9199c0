//! Reading and writing the fixed binary layouts of envelopes and certificates.
//!
//! Every number is big-endian. Every layout is written in exactly one way, so that a
//! signature covers one meaning.

/// The bytes end too early, go on too long, or hold a value that the layout does not know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the bytes do not follow the layout")]
pub struct Malformed;

/// Reads a layout from its first byte to its last.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader at the first byte of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes as an array.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// The next byte.
    ///
    /// # Errors
    /// None is left.
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_be_bytes)
    }

    /// The next two bytes as a number.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next four bytes as a number.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    /// The next eight bytes as a number.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// The next eight bytes as a signed number.
    ///
    /// # Errors
    /// Fewer are left.
    pub fn i64(&mut self) -> Result<i64, Malformed> {
        self.array().map(i64::from_be_bytes)
    }

    /// A piece of up to 65,535 bytes, preceded by its length.
    ///
    /// # Errors
    /// It is cut.
    pub fn piece(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    /// A piece of up to 4 GiB, preceded by its length.
    ///
    /// # Errors
    /// It is cut.
    pub fn long_piece(&mut self) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(self.u32()?).map_err(|_too_long| Malformed)?;
        self.take(length)
    }

    /// A piece of UTF-8 text.
    ///
    /// # Errors
    /// It is cut or is not UTF-8.
    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        str::from_utf8(self.piece()?).map_err(|_not_text| Malformed)
    }

    /// Bytes that are left.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.rest.len()
    }

    /// Whether the last byte was read.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Bytes are left over.
    pub const fn end(self) -> Result<(), Malformed> {
        if self.is_done() {
            Ok(())
        } else {
            Err(Malformed)
        }
    }
}

/// Writes a layout.
#[derive(Clone, Default, Debug)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A writer of `prefix`, which says what the bytes are before they are signed.
    #[must_use]
    pub fn starting(prefix: &[u8]) -> Self {
        Self {
            bytes: prefix.to_vec(),
        }
    }

    /// Adds bytes as they are.
    pub fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// Adds a byte.
    pub fn u8(&mut self, number: u8) -> &mut Self {
        self.put(&number.to_be_bytes())
    }

    /// Adds a number of two bytes.
    pub fn u16(&mut self, number: u16) -> &mut Self {
        self.put(&number.to_be_bytes())
    }

    /// Adds a number of four bytes.
    pub fn u32(&mut self, number: u32) -> &mut Self {
        self.put(&number.to_be_bytes())
    }

    /// Adds a number of eight bytes.
    pub fn u64(&mut self, number: u64) -> &mut Self {
        self.put(&number.to_be_bytes())
    }

    /// Adds a signed number of eight bytes.
    pub fn i64(&mut self, number: i64) -> &mut Self {
        self.put(&number.to_be_bytes())
    }

    /// Adds a piece with its length; what goes beyond 65,535 bytes is cut, and then no
    /// signature over it verifies.
    pub fn piece(&mut self, bytes: &[u8]) -> &mut Self {
        let kept = bytes.get(..usize::from(u16::MAX)).unwrap_or(bytes);
        let length = u16::try_from(kept.len()).unwrap_or(u16::MAX);
        self.u16(length).put(kept)
    }

    /// Adds a piece of up to 4 GiB with its length; a longer one is cut likewise.
    pub fn long_piece(&mut self, bytes: &[u8]) -> &mut Self {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.u32(length).put(bytes)
    }

    /// What was written.
    #[must_use]
    pub fn done(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_nothing_else() {
        let bytes = Writer::default()
            .u8(7)
            .u16(300)
            .i64(-5)
            .piece(b"porte")
            .done();
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.u8(), Ok(7));
        assert_eq!(reader.u16(), Ok(300));
        assert_eq!(reader.i64(), Ok(-5));
        assert_eq!(reader.text(), Ok("porte"));
        assert_eq!(reader.clone().end(), Ok(()));
        assert_eq!(reader.u8(), Err(Malformed));
    }

    #[test]
    fn a_cut_piece_is_malformed() {
        let bytes = Writer::default().piece(b"porte").done();
        assert_eq!(Reader::new(&bytes[..4]).piece(), Err(Malformed));
        assert_eq!(Reader::new(&bytes[..1]).piece(), Err(Malformed));
    }
}
