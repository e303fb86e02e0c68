//! NTUPLES: real and imaginary ordinates on pages of their own.

use num_complex::Complex64;

use super::document::{Block, Table, number};
use super::problem::Problem;
use super::table;
use crate::fid::problem::{LineProblem, Malformed, ParameterProblem, PointsProblem, Unsupported};

/// Most points of one page; processing takes no more either.
pub(super) const MOST_POINTS: usize = 1 << 21;

/// The pages of one signal, factors applied.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pages {
    pub real: Vec<f64>,
    pub imaginary: Option<Vec<f64>>,
    pub abscissa: Abscissa,
}

/// What the points are spread over.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Abscissa {
    /// Normalised unit: `SECONDS`, `HZ`, `PPM`.
    pub units: String,
    pub first: f64,
    pub last: f64,
}

impl Pages {
    pub fn complex(&self) -> Option<Vec<Complex64>> {
        let imaginary = self.imaginary.as_ref()?;
        Some(self.real.iter().zip(imaginary).map(|(&re, &im)| Complex64::new(re, im)).collect())
    }
}

/// Reads the real and imaginary page of a block with one abscissa.
pub(super) fn pages(block: &Block<'_>) -> Result<Pages, Problem> {
    let variables = Variables::of(block);
    let (mut real, mut imaginary, mut abscissa) = (None, None, None);
    for table in &block.tables {
        let (across, symbol) = forms(&table.form)
            .ok_or_else(|| Problem::Unsupported(Unsupported::Table(table.form.clone())))?;
        let index = variables
            .index(symbol)
            .ok_or_else(|| Problem::at(table.line, LineProblem::Symbol(symbol.to_owned())))?;
        let page = if variables.is_imaginary(index) { &mut imaginary } else { &mut real };
        if page.is_some() {
            let reason = Unsupported::Pages { pages: block.tables.len() };
            return Err(Problem::Unsupported(reason));
        }
        let x = variables.index(across).unwrap_or(0);
        abscissa = Some(variables.abscissa(x)?);
        *page = Some(variables.ordinates(index, table)?);
    }
    let (Some(real), Some(abscissa)) = (real, abscissa) else {
        return Err(Problem::Malformed(Malformed::Without("page of real points")));
    };
    if let Some(imaginary) = &imaginary
        && imaginary.len() != real.len()
    {
        let (real, imaginary) = (real.len(), imaginary.len());
        return Err(Problem::Malformed(Malformed::UnequalPages { real, imaginary }));
    }
    Ok(Pages { real, imaginary, abscissa })
}

/// `X` and `R` of `(X++(R..R))`.
fn forms(form: &str) -> Option<(&str, &str)> {
    let (across, rest) = form.trim().strip_prefix('(')?.split_once("++(")?;
    let (symbol, again) = rest.split_once("..")?;
    let again = again.split_once(')')?.0;
    (symbol.trim() == again.trim()).then(|| (across.trim(), symbol.trim()))
}

/// The lists that say what each symbol stands for.
struct Variables<'a> {
    symbols: Vec<&'a str>,
    names: Vec<&'a str>,
    dimensions: Vec<&'a str>,
    units: Vec<&'a str>,
    firsts: Vec<&'a str>,
    lasts: Vec<&'a str>,
    factors: Vec<&'a str>,
}

impl<'a> Variables<'a> {
    fn of(block: &'a Block<'_>) -> Self {
        let list = |label: &str| -> Vec<&str> {
            block
                .get(label)
                .map(|text| text.split(',').map(str::trim).collect())
                .unwrap_or_default()
        };
        Self {
            symbols: list("SYMBOL"),
            names: list("VARNAME"),
            dimensions: list("VARDIM"),
            units: list("UNITS"),
            firsts: list("FIRST"),
            lasts: list("LAST"),
            factors: list("FACTOR"),
        }
    }

    fn index(&self, symbol: &str) -> Option<usize> {
        self.symbols.iter().position(|listed| listed.eq_ignore_ascii_case(symbol))
    }

    fn is_imaginary(&self, index: usize) -> bool {
        let name = self.names.get(index).map(|name| name.to_ascii_uppercase());
        match name {
            Some(name) if name.contains("IMAG") => true,
            Some(name) if name.contains("REAL") => false,
            _ => self.symbols.get(index).is_some_and(|symbol| symbol.eq_ignore_ascii_case("I")),
        }
    }

    fn abscissa(&self, index: usize) -> Result<Abscissa, Problem> {
        let value = |list: &[&str], name| {
            list.get(index)
                .and_then(|text| number(text))
                .ok_or(Problem::Parameter { name, problem: ParameterProblem::NoAbscissa })
        };
        Ok(Abscissa {
            units: self.units.get(index).map(|unit| unit.to_ascii_uppercase()).unwrap_or_default(),
            first: value(&self.firsts, "FIRST")?,
            last: value(&self.lasts, "LAST")?,
        })
    }

    fn ordinates(&self, index: usize, page: &Table<'_>) -> Result<Vec<f64>, Problem> {
        let declared = page
            .page_points
            .as_deref()
            .or_else(|| self.dimensions.get(index).copied())
            .and_then(number);
        let factor = self.factors.get(index).and_then(|text| number(text)).unwrap_or(1.0);
        counted(page, declared, "VAR_DIM", factor)
    }
}

/// Ordinates of a table, as many as declared. A declared number never allocates: points come
/// out of the text one by one, and repeats make at most one for each byte and 64 Ki.
pub(super) fn counted(
    table: &Table<'_>,
    declared: Option<f64>,
    name: &'static str,
    factor: f64,
) -> Result<Vec<f64>, Problem> {
    let declared = match declared {
        Some(points) if points >= 1.0 && points.fract() == 0.0 => points,
        _ => {
            let problem = ParameterProblem::NoNumberOfPoints;
            return Err(Problem::Parameter { name, problem });
        }
    };
    if declared > MOST_POINTS as f64 {
        let problem = ParameterProblem::NotAllowed {
            found: declared.to_string(),
            allowed: format!("a spectrum has at most {MOST_POINTS} points"),
        };
        return Err(Problem::Parameter { name, problem });
    }
    let most = (declared as usize).min(table.text.len() + (64 << 10));
    let mut values = table::ordinates(table.text, table.line, most)?;
    if values.len() as f64 != declared {
        let found = values.len();
        let what = LineProblem::Points { found, declared };
        return Err(Problem::at(table.line, what));
    }
    values.iter_mut().for_each(|value| *value *= factor);
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Problem::Points(PointsProblem::NotANumber));
    }
    Ok(values)
}
