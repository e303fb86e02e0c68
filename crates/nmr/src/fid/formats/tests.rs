use super::*;
use crate::fid::Status;

#[test]
fn every_vendor_has_one_row() {
    for vendor in Vendor::ALL {
        assert_eq!(FORMATS.iter().filter(|format| format.vendor == *vendor).count(), 1);
    }
    for format in FORMATS {
        for name in format.needed.iter().copied().flatten() {
            assert!(format.evidence.contains(name), "{name}");
        }
    }
}

#[test]
fn evidence_is_every_file_that_can_change_what_is_said_of_a_dataset() {
    for (telling, evidence) in [
        (
            ["acqus", "fid"],
            "acqus acqu2s audita.txt fid ser pdata/1/1r pdata/1/procs \
             pdata/1/2rr",
        ),
        (["procpar", "fid"], "fid procpar log"),
        (
            ["acqu.par", "data.1d"],
            "acqu.par data.1d fid.1d data.2d spectrum_processed.1d spectrum.1d nmr_fid.dx \
             spectrum_processed.csv",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        telling.iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
        let expected: Vec<_> =
            evidence.split_whitespace().map(|name| folder.path().join(name)).collect();
        assert!(expected.len() <= MOST_EVIDENCE_FILES);
        assert_eq!(evidence_files(folder.path()), expected);
    }
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(evidence_files(folder.path()), Vec::<PathBuf>::new());
    let file = folder.path().join("a.jdf");
    assert_eq!(evidence_files(&file), std::slice::from_ref(&file));
}

#[test]
fn no_directory_is_a_dataset_without_a_telling_name() {
    let names = FORMATS.iter().flat_map(|format| format.evidence).chain(TELLING).copied();
    for name in names.clone() {
        for other in names.clone() {
            let folder = tempfile::tempdir().unwrap();
            let folder = folder.path().join("a.fid");
            for file in [name, other].map(|name| folder.join(name)) {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, "").unwrap();
            }
            let entries: Vec<_> = fs::read_dir(&folder).unwrap().map(Result::unwrap).collect();
            let is_told = entries.iter().any(|entry| is_telling_name(&entry.file_name()));
            assert!(is_told || recognise(&folder).is_none(), "{name} {other}");
        }
    }
}

#[test]
fn names_in_capital_letters_are_the_vendors_names() {
    for (names, vendor) in [
        (["ACQUS", "FID"], Vendor::Bruker),
        (["PROCPAR", "FID"], Vendor::Varian),
        (["ACQU.PAR", "Data.1d"], Vendor::Magritek),
        (["acqu.par", "DATA.1D"], Vendor::Magritek),
    ] {
        let folder = tempfile::tempdir().unwrap();
        names.iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
        assert_eq!(recognise(folder.path()), Some(vendor), "{names:?}");
        let evidence = evidence_files(folder.path());
        assert!(names.iter().all(|name| evidence.contains(&folder.path().join(name))));
    }
}

#[test]
fn an_archive_is_named_and_not_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["sample.zip", "a.TAR.GZ", "b.tgz", "c.7z"] {
        let path = folder.path().join(name);
        fs::write(&path, "PK").unwrap();
        assert_eq!(recognise(&path), Some(Vendor::Archive), "{name}");
        let status = inspect(&path).unwrap().status;
        assert!(
            matches!(&status, Status::Unsupported { reason } if reason.contains("unpack")),
            "{status:?}"
        );
        assert!(read(&path).unwrap_err().to_string().contains("unpack"));
    }
    for name in ["a.gz", ".sample.zip", "zip"] {
        fs::write(folder.path().join(name), "").unwrap();
        assert_eq!(recognise(&folder.path().join(name)), None, "{name}");
    }
    fs::create_dir(folder.path().join("folder.zip")).unwrap();
    assert_eq!(recognise(&folder.path().join("folder.zip")), None);
}

#[test]
fn a_folder_that_is_no_dataset_is_told_what_it_lacks() {
    let said = |files: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        files.iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
        let error = read(folder.path()).unwrap_err().to_string();
        error.split_once("is not a dataset: ").unwrap().1.to_owned()
    };
    assert_eq!(said(&["procpar"]), "procpar is there, but no fid (varian)");
    assert_eq!(said(&["fid"]), "fid is there, but no acqus (bruker) and no procpar (varian)");
    assert_eq!(said(&["ser"]), "ser is there, but no acqus (bruker)");
    assert_eq!(said(&["fid.1d"]), "fid.1d is there, but no acqu.par (magritek)");
    assert_eq!(said(&["notes.txt"]), "it has the files of no format");
}

#[test]
fn a_file_that_is_no_dataset_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    assert!(read(&file).unwrap_err().is_missing());
    fs::write(&file, "").unwrap();
    assert!(matches!(read(&file).unwrap_err(), FidError::NotADataset { .. }));
}
