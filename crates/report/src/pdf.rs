//! Figures as PDF, with the letters that they use.

use std::sync::{Arc, LazyLock};

use svg2pdf::usvg::fontdb;
use svg2pdf::{ConversionOptions, PageOptions, usvg};

/// Pixels an inch in a figure.
const PIXELS: f32 = 96.0;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The figure is no SVG that can be read.
    #[error("the figure cannot be read back: {0}")]
    Svg(#[from] usvg::Error),
    /// It cannot be written.
    #[error("the figure cannot be written as PDF: {0}")]
    Conversion(String),
}

/// The fonts of figures, which come with the program: a server needs none, and every machine makes the
/// same file.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
});

/// A figure of [`larmor_figure`] as a page of its size.
///
/// # Errors
/// [`PdfError`] when it is no SVG.
pub fn pdf(svg: &str) -> Result<Vec<u8>, PdfError> {
    let options = usvg::Options { fontdb: Arc::clone(&FONTS), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options)?;
    let page = PageOptions { dpi: PIXELS };
    svg2pdf::to_pdf(&tree, ConversionOptions::default(), page)
        .map_err(|cause| PdfError::Conversion(cause.to_string()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_letters_with_it() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='1123' height='794'>\
                   <text x='9' y='20' font-family='DejaVu Sans'>δ 7.26</text></svg>";
        let page = pdf(svg).unwrap();
        let text = String::from_utf8_lossy(&page);
        assert!(text.starts_with("%PDF-") && text.contains("DejaVuSans"));
        // 1123 pixels are the long side of A4, 842 points.
        assert!(text.contains("842.25"), "{text}");
        assert!(pdf("<svg").is_err());
    }
}
