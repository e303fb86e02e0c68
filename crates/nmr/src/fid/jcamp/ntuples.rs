//! NTUPLES: real and imaginary ordinates on pages of their own.

use num_complex::Complex64;

use super::document::{Block, Table};
use super::number::{self, number};
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

/// Most points by which a table may differ from what its header declares: programs count
/// intervals for points, or forget the last. Beyond one, the abscissas have to agree.
const MOST_OFF: usize = 8;

/// What the points are spread over.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Abscissa {
    /// Normalised unit: `SECONDS`, `HZ`, `PPM`.
    pub units: String,
    pub first: f64,
    pub last: f64,
    /// Points from `first` to `last`.
    pub points: usize,
}

impl Abscissa {
    /// The distance from one point to the next, signed; `None` where there is none.
    pub fn step(&self) -> Option<f64> {
        let step = (self.last - self.first) / self.points.checked_sub(1)? as f64;
        (step.is_finite() && step != 0.0).then_some(step)
    }

    /// How many points lie from first to last: those found, unless the step that the header
    /// states goes with those declared.
    pub fn points(&mut self, found: usize, declared: Option<f64>, step: Option<f64>) {
        self.points = found;
        let Some(declared) = declared.filter(|&points| points != found as f64) else { return };
        let off = |points: f64| {
            step.map(|step| ((self.last - self.first).abs() / (points - 1.0) - step.abs()).abs())
        };
        if let (Some(as_found), Some(as_declared)) = (off(found as f64), off(declared))
            && as_declared < as_found
        {
            self.points = declared as usize;
        }
    }
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
        let values = variables.ordinates(index, table)?;
        let mut across = variables.abscissa(x)?;
        let step = variables.factors.get(x).and_then(|text| number(text));
        across.points(values.len(), variables.declared(index, table), step);
        abscissa = Some(across);
        *page = Some(values);
    }
    let (Some(mut real), Some(abscissa)) = (real, abscissa) else {
        return Err(Problem::Malformed(Malformed::Without("page of real points")));
    };
    if let Some(imaginary) = &mut imaginary {
        let (longer, shorter) = (real.len().max(imaginary.len()), real.len().min(imaginary.len()));
        if longer - shorter > MOST_OFF {
            let (real, imaginary) = (real.len(), imaginary.len());
            return Err(Problem::Malformed(Malformed::UnequalPages { real, imaginary }));
        }
        real.truncate(shorter);
        imaginary.truncate(shorter);
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
struct Variables {
    symbols: Vec<String>,
    names: Vec<String>,
    dimensions: Vec<String>,
    units: Vec<String>,
    firsts: Vec<String>,
    lasts: Vec<String>,
    factors: Vec<String>,
    decimal_commas: bool,
}

impl Variables {
    fn of(block: &Block<'_>) -> Self {
        let decimal_commas = block.has_decimal_commas();
        let texts = |label: &str, most: usize, commas: bool| {
            block.get(label).map(|text| number::list(text, most, commas)).unwrap_or_default()
        };
        let symbols = texts("SYMBOL", 0, false);
        let words = |label: &str| texts(label, 0, false);
        let list = |label: &str| texts(label, symbols.len(), decimal_commas);
        Self {
            names: words("VARNAME"),
            dimensions: words("VARDIM"),
            units: words("UNITS"),
            firsts: list("FIRST"),
            lasts: list("LAST"),
            factors: list("FACTOR"),
            symbols,
            decimal_commas,
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
        let value = |list: &[String], name| {
            list.get(index)
                .and_then(|text| number(text))
                .ok_or(Problem::Parameter { name, problem: ParameterProblem::NoAbscissa })
        };
        Ok(Abscissa {
            units: self.units.get(index).map(|unit| unit.to_ascii_uppercase()).unwrap_or_default(),
            first: value(&self.firsts, "FIRST")?,
            last: value(&self.lasts, "LAST")?,
            points: 0,
        })
    }

    fn declared(&self, index: usize, page: &Table<'_>) -> Option<f64> {
        let dimension = || self.dimensions.get(index).map(String::as_str);
        page.page_points.as_deref().or_else(dimension).and_then(number::count)
    }

    fn ordinates(&self, index: usize, page: &Table<'_>) -> Result<Vec<f64>, Problem> {
        let factor = self.factors.get(index).and_then(|text| number(text)).unwrap_or(1.0);
        let declared = Declared { points: self.declared(index, page), name: "VAR_DIM" };
        counted(page, declared, factor, self.decimal_commas)
    }
}

/// The number of points a header declares, and the label that does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared {
    pub points: Option<f64>,
    pub name: &'static str,
}

/// Ordinates of a table, as many as declared or nearly so. A declared number never allocates:
/// points come out of the text one by one, and repeats make at most one for each byte and 64 Ki.
pub(super) fn counted(
    table: &Table<'_>,
    Declared { points, name }: Declared,
    factor: f64,
    decimal_commas: bool,
) -> Result<Vec<f64>, Problem> {
    let declared = match points {
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
    let read = |commas| as_declared(table, declared as usize, commas);
    let mut values = read(decimal_commas).or_else(|problem| {
        // Nothing in the header tells; only one way can give the number of points.
        let other = || read(!decimal_commas).ok();
        if has_commas_in_numbers(table.text) { other().ok_or(problem) } else { Err(problem) }
    })?;
    values.iter_mut().for_each(|value| *value *= factor);
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Problem::Points(PointsProblem::NotANumber));
    }
    Ok(values)
}

fn as_declared(table: &Table<'_>, declared: usize, commas: bool) -> Result<Vec<f64>, Problem> {
    let most = (declared + MOST_OFF).min(table.text.len() + (64 << 10));
    let read = table::ordinates(table.text, table.line, most, commas).map_err(|problem| {
        let Problem::Malformed(Malformed::Line { line, problem: LineProblem::TooManyPoints(_) }) =
            problem
        else {
            return problem;
        };
        Problem::at(line, LineProblem::TooManyPoints(declared))
    })?;
    let found = read.values.len();
    match found.abs_diff(declared) {
        0 | 1 if found > 0 => Ok(read.values),
        2..=MOST_OFF if read.are_counted_by_their_abscissas() => Ok(read.values),
        _ => {
            let what = LineProblem::Points { found, declared: declared as f64 };
            Err(Problem::at(table.line, what))
        }
    }
}

fn has_commas_in_numbers(text: &[u8]) -> bool {
    text.windows(3).any(|at| at[0].is_ascii_digit() && at[1] == b',' && at[2].is_ascii_digit())
}
