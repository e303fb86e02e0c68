//! Files of the test data.

use super::*;

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn exported_fids_are_those_of_the_spectrometer() {
    for (exported, native) in [
        ("jcamp/aspirin-1h.fid.dx", "bruker/aspirin-1h/1"),
        ("jcamp/naphtoicAcid-1h.fid.dx", "bruker/naphtoicAcid-1h/1"),
    ] {
        let (exported, native) =
            (fid::read(&test_data(exported)).unwrap(), fid::read(&test_data(native)).unwrap());
        assert!(exported.points == native.points, "{}", native.title);
        assert_eq!(exported.origin, Origin::Acquired);
        assert!((exported.sweep_width_hz - native.sweep_width_hz).abs() < 1e-6);
        assert!((exported.carrier_mhz - native.carrier_mhz).abs() < 1e-9);
        assert!((exported.reference_mhz - native.reference_mhz).abs() < 1e-4);
        assert_eq!(exported.group_delay, native.group_delay);
        assert_eq!(
            (exported.nucleus, exported.experiment, exported.solvent, exported.scans),
            (native.nucleus, native.experiment, native.solvent, native.scans)
        );
        assert_eq!((exported.title, exported.pulse_program), (native.title, native.pulse_program));
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn every_real_file_is_read_or_refused_for_the_right_reason() {
    let rutin = |kind: &str| format!("jcamp/Rutin_3080ug200uL_DMSOd6_{kind}_400MHz_JDX.jdx");
    for (file, nucleus, origin, points, solvent) in [
        (
            rutin("13CNMR"),
            Nucleus::Carbon,
            Origin::Spectrum,
            26215,
            Some(Solvent::DimethylSulfoxide),
        ),
        (
            rutin("qHNMR"),
            Nucleus::Proton,
            Origin::Spectrum,
            26215,
            Some(Solvent::DimethylSulfoxide),
        ),
        (
            "jcamp/aspirin-1h.dx".into(),
            Nucleus::Proton,
            Origin::Spectrum,
            16384,
            Some(Solvent::Chloroform),
        ),
        (
            "jcamp/aspirin-1h.fid.dx".into(),
            Nucleus::Proton,
            Origin::Acquired,
            8192,
            Some(Solvent::Chloroform),
        ),
        (
            "jcamp/naphtoicAcid-1h.dx".into(),
            Nucleus::Proton,
            Origin::Spectrum,
            65536,
            Some(Solvent::Acetone),
        ),
        (
            "jcamp/naphtoicAcid-1h.fid.dx".into(),
            Nucleus::Proton,
            Origin::Acquired,
            8192,
            Some(Solvent::Acetone),
        ),
        (
            "jcamp/ibuprofen_j_ave_qmagnetics.jdx".into(),
            Nucleus::Proton,
            Origin::Acquired,
            40000,
            None,
        ),
    ] {
        let path = test_data(&file);
        assert_eq!(fid::recognise(&path), Some(Vendor::Jcamp));
        let inspection = fid::inspect(&path).unwrap();
        assert!(matches!(inspection.status, Status::Complete { .. }), "{file}");
        assert!(!inspection.vendor_evidence && inspection.last_written.is_some());
        assert_eq!(inspection.digest.unwrap().len(), 64);
        let read = fid::read(&path).unwrap();
        assert_eq!(
            (read.nucleus, read.origin, read.points.len(), read.solvent, read.experiment),
            (nucleus, origin, points, solvent, Experiment::Plain),
            "{file}"
        );
    }
    for kind in ["COSY", "HMBC", "HSQC"] {
        let path = test_data(&rutin(kind));
        assert_eq!(unsupported(&path), "two or more dimensions");
        let experiment = fid::inspect(&path).unwrap().experiment;
        assert_eq!(experiment, Some(Experiment::MultiDimensional));
    }
}

fn compound_lines(path: &str) -> Vec<(f64, f64)> {
    let fid = fid::read(&test_data(path)).unwrap();
    let spectrum = spectrum::process(&fid, &ProcessingParameters::default()).unwrap();
    let peaks = spectrum.peaks.into_iter();
    peaks.filter(|p| p.class == PeakClass::Compound).map(|p| (p.ppm, p.intensity)).collect()
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_published_spectrum_shows_the_lines_of_its_fid() {
    for (spectrum, fid) in [
        ("jcamp/aspirin-1h.dx", "jcamp/aspirin-1h.fid.dx"),
        ("jcamp/naphtoicAcid-1h.dx", "jcamp/naphtoicAcid-1h.fid.dx"),
    ] {
        let (published, own) = (compound_lines(spectrum), compound_lines(fid));
        let strong: Vec<_> = own.iter().filter(|(_, height)| *height > 0.2).collect();
        assert!(!strong.is_empty());
        for (ppm, height) in strong {
            let same = |(at, tall): &&(f64, f64)| {
                (at - ppm).abs() < 0.01 && (tall / height - 1.0).abs() < 0.5
            };
            assert!(published.iter().any(|line| same(&line)), "{spectrum}: no {ppm} of {height}");
        }
    }
}

/// Shifts of rutin in DMSO-d6 as its 13C spectrum has them, whole ppm.
#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_carbon_spectrum_in_descending_hertz_stands_right() {
    let lines = compound_lines("jcamp/Rutin_3080ug200uL_DMSOd6_13CNMR_400MHz_JDX.jdx");
    for carbon in
        [177.4, 164.1, 161.2, 148.4, 144.8, 133.3, 121.2, 116.3, 115.2, 101.2, 98.7, 93.6, 17.8]
    {
        assert!(lines.iter().any(|(ppm, _)| (ppm - carbon).abs() < 0.3), "no {carbon}: {lines:?}");
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn the_same_data_have_one_digest_however_they_are_written() {
    let plain = test_data("jcamp/aspirin-1h.fid.dx");
    let digest = |path: &Path| fid::inspect(path).unwrap().digest.unwrap();
    let bytes = fs::read(&plain).unwrap();
    let packed = File::of("x.FID.DX.gz", &gzipped(&bytes));
    assert_eq!(digest(&packed.path()), digest(&plain));
    let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
    assert_eq!(digest(&File::of("x.JDX", text.as_bytes()).path()), digest(&plain));
    assert_ne!(digest(&test_data("jcamp/naphtoicAcid-1h.fid.dx")), digest(&plain));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_compound_file_gives_its_one_fid_or_says_how_many_there_are() {
    let link =
        |inside: &str| format!("##TITLE= all\n##DATA TYPE= LINK\n##BLOCKS= 2\n{inside}##END=\n");
    let peaks = "##TITLE= p\n##DATA TYPE= NMR PEAK TABLE\n##PEAK TABLE= (XY..XY)\n1,2\n##END=\n";
    let spectrum = fs::read_to_string(test_data("jcamp/aspirin-1h.dx")).unwrap();
    let one = File::of("a.dx", link(&format!("{peaks}{spectrum}{}", small_fid())).as_bytes());
    assert_eq!(fid::read(&one.path()).unwrap().title, "small");
    let two = File::of("a.dx", link(&small_fid().repeat(2)).as_bytes());
    assert_eq!(unsupported(&two.path()), "2 FIDs in one file; store each in a file of its own");
    let none = File::of("a.dx", link(peaks).as_bytes());
    assert_eq!(unsupported(&none.path()), "NMR PEAK TABLE is neither NMR FID nor NMR SPECTRUM");
    let phosphorus = small_fid().replace("^13C", "^31P").replace("125.77", "202.456");
    let other = File::of("a.dx", link(&phosphorus).as_bytes());
    assert_eq!(unsupported(&other.path()), "nucleus 31P; 1H and 13C are processed");
    let points = "##TITLE= p\n##DATA TYPE= NMR SPECTRUM\n##.OBSERVE NUCLEUS= ^1H\n\
        ##.OBSERVE FREQUENCY= 400.1\n##XYPOINTS= (XY..XY)\n1,2\n##END=\n";
    let points = File::of("a.dx", points.as_bytes());
    assert_eq!(unsupported(&points.path()), "a list of peaks (XYPOINTS), no whole spectrum");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_line_lost_among_differences_is_noticed() {
    let name = "jcamp/Rutin_3080ug200uL_DMSOd6_13CNMR_400MHz_JDX.jdx";
    let text = fs::read_to_string(test_data(name)).unwrap();
    let lost: Vec<&str> =
        text.lines().enumerate().filter(|(line, _)| *line != 700).map(|(_, text)| text).collect();
    let reason = corrupt(&File::of("a.jdx", lost.join("\n").as_bytes()).path());
    assert!(reason.contains("line 701: check value"), "{reason}");
}
