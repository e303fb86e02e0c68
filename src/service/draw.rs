//! `DrawStructure`.

use tonic::Status;

use larmor_chemistry::{draw, draw_molblock};
use larmor_client::proto::{DrawStructureRequest, DrawStructureResponse, DrawnAtom};

/// Size when the client does not say, and at most, pixels.
const WIDTH: u16 = 400;
const HEIGHT: u16 = 300;
const MOST: u16 = 4_000;

pub(super) fn structure(request: &DrawStructureRequest) -> Result<DrawStructureResponse, Status> {
    let size = |asked: i32, usual: u16, name: &str| match u16::try_from(asked) {
        Ok(0) => Ok(usual),
        Ok(pixels) if (20..=MOST).contains(&pixels) => Ok(pixels),
        _ => Err(Status::invalid_argument(format!("{name} is not 0 or 20 to {MOST}"))),
    };
    let (width, height) =
        (size(request.width, WIDTH, "width")?, size(request.height, HEIGHT, "height")?);
    let (drawn, given) = match (request.smiles.as_str(), request.molblock.as_str()) {
        (smiles, "") => (draw(smiles, width, height), "smiles"),
        ("", molblock) => (draw_molblock(molblock, width, height), "molblock"),
        _ => return Err(Status::invalid_argument("both smiles and molblock are given")),
    };
    let drawing = drawn.map_err(|cause| Status::invalid_argument(format!("{given}: {cause}")))?;
    let atoms = drawing.atoms.into_iter().map(|atom| DrawnAtom {
        x: atom.x,
        y: atom.y,
        element: atom.element,
        hydrogens: atom.hydrogens.into(),
    });
    Ok(DrawStructureResponse { svg: drawing.svg, atoms: atoms.collect() })
}
