//! Text of unknown encoding: Unicode where it is, else one of the multi-byte encodings of East Asia
//! where nearly every pair of bytes says so, else Windows-1252.

use chardetng::EncodingDetector;
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, WINDOWS_1252};

/// Encodings that are taken where they are guessed and every byte is valid in them. Guesses between
/// encodings of one byte are no better than chance on the few letters a title has.
const MULTI_BYTE: [&Encoding; 6] = [GBK, GB18030, SHIFT_JIS, BIG5, EUC_JP, EUC_KR];

/// Fewer bytes beyond ASCII tell nothing: one letter of the West beside a plain one is a character
/// of the East, too.
const LEAST_BYTES: usize = 3;

/// Bytes that are shown to the detector: a title and more.
const MOST_GUESSED: usize = 64 << 10;

/// Decodes without ever failing.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((marked, length)) = Encoding::for_bom(bytes) {
        return marked.decode_without_bom_handling(&bytes[length..]).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    multi_byte(bytes).unwrap_or_else(|| WINDOWS_1252.decode_without_bom_handling(bytes).0.into())
}

fn multi_byte(bytes: &[u8]) -> Option<String> {
    if bytes.iter().filter(|byte| !byte.is_ascii()).count() < LEAST_BYTES {
        return None;
    }
    let mut detector = EncodingDetector::new();
    // What follows the first letters beyond ASCII tells; a long head of ASCII tells nothing.
    let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let shown = &bytes[start..bytes.len().min(start.saturating_add(MOST_GUESSED))];
    detector.feed(shown, shown.len() == bytes.len() - start);
    let guessed = detector.guess(None, false);
    if guessed == UTF_8 || !MULTI_BYTE.contains(&guessed) {
        return None;
    }
    // GB18030 is GBK and more.
    let guessed = if guessed == GBK { GB18030 } else { guessed };
    Some(guessed.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn western_text_is_read_in_both_encodings() {
        for text in [
            "Müller 25 °C",
            "Müßiggänger",
            "Grüße aus Köln",
            "naïve café, 5 µL",
            "Ångström ± 0.1 Å",
            "Señor Núñez",
            "10 mg in 0,6 mL – «menthol»",
            "é",
            "25 °C",
            "§ 4",
            "Größe",
            "à l'été",
            "Øre og Æble",
            "ßB 17",
            "üA",
        ] {
            assert_eq!(decode(text.as_bytes()), text);
            let (bytes, _, lossy) = WINDOWS_1252.encode(text);
            assert!(!lossy, "{text}");
            assert_eq!(decode(&bytes), text);
        }
        assert_eq!(decode(b"M\xfcller 25 \xb0C \x80"), "Müller 25 °C €");
    }

    #[test]
    fn east_asian_text_is_read_in_its_own_encoding() {
        for (encoding, text) in [
            (GB18030, "张伟 氢谱"),
            (GB18030, "样品17 碳谱 室温"),
            (GB18030, "核磁共振"),
            (SHIFT_JIS, "メントール 重クロロホルム"),
            (SHIFT_JIS, "炭素13核磁気共鳴"),
            (EUC_KR, "시료 17번 측정"),
            (BIG5, "樣品的核磁共振光譜"),
        ] {
            let (bytes, _, lossy) = encoding.encode(text);
            assert!(!lossy, "{text}");
            assert_eq!(decode(&bytes), text, "{}", encoding.name());
        }
    }

    #[test]
    fn a_mark_at_the_beginning_is_obeyed_and_taken_off() {
        let text = "Müller 薄荷醇";
        let utf_16 = |order: fn(u16) -> [u8; 2]| {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect::<Vec<u8>>()
        };
        assert_eq!(decode(&utf_16(u16::to_le_bytes)), text);
        assert_eq!(decode(&utf_16(u16::to_be_bytes)), text);
        assert_eq!(decode(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), text);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            decode(&bytes);
        }
    }
}
