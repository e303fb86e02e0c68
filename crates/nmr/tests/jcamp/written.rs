//! Files written here after the standard, sound and damaged.

use super::*;

#[test]
fn headers_become_what_they_mean() {
    let file = File::of("small.jcamp", small_fid().as_bytes());
    let fid = fid::read(&file.path()).unwrap();
    assert_eq!((fid.title.as_str(), fid.points.len()), ("small", 200));
    assert_eq!((fid.nucleus, fid.experiment), (Nucleus::Carbon, Experiment::Dept(90)));
    assert!((fid.sweep_width_hz - 20_000.0).abs() < 1e-6);
    assert_eq!((fid.points[0].re, fid.points[0].im), (-8.0, -2.0));
    let referenced =
        small_fid().replace("##NTUPLES=", "##.SHIFT REFERENCE= INTERNAL, , 1, 200\n##NTUPLES=");
    let fid = fid::read(&File::of("small.dx", referenced.as_bytes()).path()).unwrap();
    let highest =
        (fid.carrier_mhz + fid.sweep_width_hz / 2e6 - fid.reference_mhz) / fid.reference_mhz * 1e6;
    assert!((highest - 200.0).abs() < 0.01, "{highest}");
    assert!(fid.calibrated_mhz.is_some());
    // Its processing was of another width: the first point is another spectrum's.
    let copied = referenced.replace("##NTUPLES=", "##$BF1= 100\n##$SW_p= 8000\n##NTUPLES=");
    let fid = fid::read(&File::of("small.dx", copied.as_bytes()).path()).unwrap();
    assert_eq!(fid.calibrated_mhz, None);
    let latin = small_fid().into_bytes();
    let latin: Vec<u8> =
        latin.iter().flat_map(|&b| if b == b'$' { vec![0xb5] } else { vec![b] }).collect();
    assert_eq!(fid::read(&File::of("a.dx", &latin).path()).unwrap().title, "small µµ not much");
}

#[test]
fn a_filter_nobody_mentions_is_seen_in_the_points() {
    let delay = |points: &dyn Fn(f64) -> f64| {
        let table: String =
            (0..200).map(|time| format!("{time} {:.0}\n", points(f64::from(time)))).collect();
        let text = small_fid();
        let head = &text[..text.find("##PAGE").unwrap()];
        let page =
            |symbol| format!("##PAGE= N=1\n##DATA TABLE= (X++({symbol}..{symbol}))\n{table}");
        let text = format!("{head}{}{}##END=\n", page('R'), page('I'));
        fid::read(&File::of("a.dx", text.as_bytes()).path()).unwrap().group_delay
    };
    assert_eq!(delay(&|time| 1000.0 * (-time / 50.0).exp()), 0.0);
    assert_eq!(delay(&|time| 1000.0 * (-(time - 20.0).abs() / 5.0).exp()), 20.0);
}

#[test]
fn a_file_still_being_written_is_incomplete_wherever_it_stops() {
    let whole = small_fid();
    let packed = gzipped(whole.as_bytes());
    let incomplete = |name, bytes: &[u8]| {
        let file = File::of(name, bytes);
        match status(&file.path()) {
            Status::CutOff { reason } => assert!(
                ["##END=", "before their end", "is empty"].iter().any(|end| reason.ends_with(end)),
                "{reason}"
            ),
            other => panic!("{name}: {other:?} at {}", bytes.len()),
        }
        assert!(matches!(fid::read(&file.path()), Err(FidError::ParametersCutOff { .. })));
    };
    for length in (0..whole.len() - 2).step_by(97).chain([1]) {
        incomplete("a.dx", &whole.as_bytes()[..length]);
    }
    incomplete("a.dx", &whole.as_bytes()[..whole.len() - 7]);
    for length in (20..packed.len()).step_by(31) {
        incomplete("a.dx.gz", &packed[..length]);
    }
}

#[test]
fn damaged_tables_are_named_with_their_line() {
    let spoilt = |from: &str, to: &str| {
        assert!(small_fid().contains(from), "{from}");
        corrupt(&File::of("a.dx", small_fid().replacen(from, to, 1).as_bytes()).path())
    };
    let declared = spoilt("VAR_DIM= 200, 200, 200", "VAR_DIM= 1000000000, 1000000000, 1000000000");
    assert!(declared.contains("VAR_DIM is 1000000000"), "{declared}");
    let short = spoilt("VAR_DIM= 200, 200, 200", "VAR_DIM= 200, 220, 200");
    assert!(short.contains("the table holds 200 of 220 declared points"), "{short}");
    let unequal = spoilt("VAR_DIM= 200, 200, 200", "VAR_DIM= 200, 200, 190")
        + &spoilt("##PAGE= N=2\n", "##PAGE= N=2\n##NPOINTS= 180\n");
    assert!(
        unequal.contains("more than the 180") && unequal.contains("more than the 190"),
        "{unequal}"
    );
    let shorter = small_fid().replace("200, 200, 200", "200, 200, 190");
    let last_line = shorter.rfind("\n190").unwrap();
    let end = shorter.find("##END NTUPLES").unwrap();
    let shorter = format!("{}\n{}", &shorter[..last_line], &shorter[end..]);
    let reason = corrupt(&File::of("a.dx", shorter.as_bytes()).path());
    assert!(reason.ends_with("holds 200 real and 190 imaginary points"), "{reason}");
    let line = 1 + small_fid().lines().position(|line| line.starts_with("10+6")).unwrap();
    assert!(spoilt("10+6", "10 NaN").contains(&format!("line {line}: a value is not a number")));
    assert!(spoilt("10+6", "10+1E+999").contains("not numbers"));
    assert!(spoilt("10+6", "10+6 Z99999999").contains(&format!("line {line}: more than the 200")));
    assert!(spoilt("0.00995", "x").contains("LAST gives no number"));
    assert!(spoilt("125.77", "-1").contains(".OBSERVE FREQUENCY is missing"));
    assert!(spoilt("SYMBOL= X, R, I", "SYMBOL= X, A, I").contains("SYMBOL does not name R"));
    let zeros = small_fid().replace("FACTOR= 0.00005, 2, 0.5", "FACTOR= 1, 0, 0");
    assert!(corrupt(&File::of("a.dx", zeros.as_bytes()).path()).contains("every point is zero"));
}

#[test]
fn what_is_no_jcamp_at_all_is_said_so_at_once() {
    let deep: String = (0..200).map(|_| "##TITLE= x\n##DATA TYPE= LINK\n").collect();
    let mut long = b"##TITLE= x\n##XYDATA= (X++(Y..Y))\n".to_vec();
    long.resize(100 << 20, b'1');
    let bomb = gzipped(&vec![b' '; 40 << 20]);
    let mut damaged = gzipped(small_fid().as_bytes());
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    for (name, bytes, said) in [
        ("a.dx", b"{\"peaks\": [1, 2]}".to_vec(), "is no JCAMP-DX"),
        ("a.jdx", b"PK\x03\x04\x14\0\0\0 and so on".to_vec(), "is no JCAMP-DX"),
        ("a.dx", b"object 1 class gridpositions counts 97 97 97\n".to_vec(), "is no JCAMP-DX"),
        ("a.dx", (0..=255u8).cycle().take(5000).collect(), "is no JCAMP-DX"),
        ("a.dx", b"##JCAMP-DX= 5\n##END=\n".to_vec(), "no ##TITLE="),
        ("a.dx", deep.into_bytes(), "nested more than 16 deep"),
        ("a.dx", b"##a=\n".repeat(1 << 20), "a label outside of any block"),
        (
            "a.dx",
            [b"##TITLE=\n".to_vec(), b"##a=\n".repeat(1 << 20)].concat(),
            "more than 131072 labels",
        ),
        ("a.dx", long, "more than the 67108864 accepted here"),
        ("a.dx.gz", bomb, "expands to more than"),
        ("a.dx.gz", damaged, ""),
        ("a.dx.gz", gzipped(b"rubbish"), "is no JCAMP-DX"),
    ] {
        let file = File::of(name, &bytes);
        let started = Instant::now();
        let reason = corrupt(&file.path());
        assert!(reason.contains(said), "{said}: {reason}");
        // Seconds at most even on a loaded machine without optimisation: never a hang.
        assert!(started.elapsed() < Duration::from_secs(20), "{said}");
    }
    let infrared = small_fid().replace("NMR FID", "INFRARED SPECTRUM");
    let infrared = File::of("a.dx", infrared.as_bytes());
    assert_eq!(
        unsupported(&infrared.path()),
        "INFRARED SPECTRUM is neither NMR FID nor NMR SPECTRUM"
    );
}

#[test]
fn only_plain_files_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.dx");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(corrupt(&pipe).contains("a named pipe"));
    let link = folder.path().join("link.dx");
    std::os::unix::fs::symlink(test_data("jcamp/aspirin-1h.dx"), &link).unwrap();
    assert!(corrupt(&link).contains("a symbolic link"));
    fs::create_dir(folder.path().join("folder.dx")).unwrap();
    for name in ["folder.dx", "._a.dx", "a.dx.part", "a.dx.gz.Xy12", "a.txt", "dx"] {
        let path = folder.path().join(name);
        if !path.exists() {
            fs::write(&path, small_fid()).unwrap();
        }
        assert_eq!(fid::recognise(&path), None, "{name}");
    }
    assert!(fid::inspect(&folder.path().join("gone.dx")).unwrap_err().is_missing());
}

fn opened(name: &'static str, bytes: &[u8]) -> Result<Fid, FidError> {
    let file = File::of(name, bytes);
    let inspection = fid::inspect(&file.path()).unwrap();
    let read = fid::read(&file.path());
    // What is called complete can be read, and nothing else.
    assert_eq!(matches!(inspection.status, Status::Complete { .. }), read.is_ok());
    assert_eq!(inspection.digest.is_some(), read.is_ok());
    read
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_anywhere_is_survived(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        length in any::<prop::sample::Index>(),
        cut: bool,
    ) {
        let mut bytes = small_fid().into_bytes();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(length.index(bytes.len()));
        }
        let plain = opened("a.dx", &bytes);
        let packed = opened("a.dx.gz", &gzipped(&bytes));
        prop_assert_eq!(plain.ok(), packed.ok());
    }

    #[test]
    fn any_bytes_behind_a_label_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let mut text = b"##TITLE= x\n##DATA TYPE= NMR SPECTRUM\n##.OBSERVE NUCLEUS= ^1H\n\
            ##.OBSERVE FREQUENCY= 400\n##NPOINTS= 9\n##XYDATA= (X++(Y..Y))\n".to_vec();
        text.extend(bytes);
        text.extend(b"\n##END=\n");
        let _ = opened("a.dx", &text);
    }
}

/// The FID on two pages, as a program on a machine with decimal commas writes it.
#[test]
fn decimal_commas_change_nothing() {
    let comma = small_fid()
        .replace("125.77", "125,77")
        .replace("0.00005, 2, 0.5", "5,0E-05,   2,0,   0,5")
        .replace("##LAST= 0.00995, 0, 0", "##LAST= 0,00995,   0,0,   0");
    assert_ne!(comma, small_fid());
    let read = |text: &str| fid::read(&File::of("a.dx", text.as_bytes()).path()).unwrap();
    assert_eq!(read(&comma), read(&small_fid()));
    let point = "##TITLE= s\n##DATA TYPE= NMR SPECTRUM\n##.OBSERVE NUCLEUS= ^1H\n\
        ##.OBSERVE FREQUENCY= 400.5\n##XUNITS= PPM\n##FIRSTX= 9.5\n##LASTX= 0.5\n\
        ##YFACTOR= 1.5\n##NPOINTS= 4\n##XYDATA= (X++(Y..Y))\n9.5 1.25 2.5\n3.5 3.75 4.125\n##END=\n";
    assert_eq!(
        read(&point.replace('.', ",").replace(",OBS", ".OBS").replace("Y,,Y", "Y..Y")),
        read(point)
    );
}

#[test]
fn a_point_more_or_less_than_declared_is_read_and_a_lost_line_is_not() {
    let read = |text: String| fid::read(&File::of("a.dx", text.as_bytes()).path());
    let sound = read(small_fid()).unwrap();
    for declared in [199, 201, 203] {
        let counts = format!("{declared}, {declared}, {declared}");
        let off = read(small_fid().replace("200, 200, 200", &counts)).unwrap();
        assert_eq!(off.points, sound.points, "{declared}");
        assert!((off.sweep_width_hz - sound.sweep_width_hz).abs() < 1e-6, "{declared}");
    }
    let text = small_fid();
    let lost: Vec<&str> = text.lines().filter(|line| !line.starts_with("100")).collect();
    let reason = read(lost.join("\n")).unwrap_err().to_string();
    assert!(reason.contains("the table holds 190 of 200 declared points"), "{reason}");
}

#[test]
fn labels_may_be_indented_and_ends_bare() {
    let read = |text: String| fid::read(&File::of("a.dx", text.as_bytes()).path()).unwrap();
    let indented = small_fid().replace("##", "  ##").replace("##END=\n", "##END\n");
    assert_eq!(read(indented), read(small_fid()));
    let behind = format!("{}$$ parameters\n##$AMP= (0..3)\n1 2 3 4\n", small_fid());
    assert_eq!(read(behind), read(small_fid()));
}

#[test]
fn the_receivers_of_some_makers_turn_the_other_way() {
    let read = |maker: &str| {
        let text = small_fid().replacen("##DATA", &format!("##ORIGIN= {maker}\n##DATA"), 1);
        fid::read(&File::of("a.dx", text.as_bytes()).path()).unwrap()
    };
    let plain = read("Bruker");
    for (maker, turned) in [("Dr. A, Jeol GX 400", true), ("SPA102 at Magritek, NZ", true)] {
        let other = read(maker);
        let same = plain.points.iter().zip(&other.points).all(|(a, b)| *a == b.conj());
        assert_eq!(same, turned, "{maker}");
    }
}

#[test]
fn a_nucleus_that_is_not_applicable_is_taken_from_the_other_label() {
    for none in ["<NA>", "<>", "", "<off>"] {
        let text = small_fid().replacen("##DATA", &format!("##$NUC1= {none}\n##DATA"), 1);
        let read = fid::read(&File::of("a.dx", text.as_bytes()).path()).unwrap();
        assert_eq!(read.nucleus, Nucleus::Carbon, "{none}");
    }
}

/// A spectrum with one line at 2 ppm, its axis written in three ways.
#[test]
fn an_axis_is_tied_to_what_the_header_gives() {
    let spectrum = |axis: &str| {
        let points: String = (0..1000)
            .map(|at| format!("{at} {}\n", if at == 800 { 1000 } else { at % 3 }))
            .collect();
        let text = format!(
            "##TITLE= s\n##DATA TYPE= NMR SPECTRUM\n##.OBSERVE NUCLEUS= ^1H\n\
             ##.OBSERVE FREQUENCY= 100\n##NPOINTS= 1000\n{axis}\
             ##XYDATA= (X++(Y..Y))\n{points}##END=\n"
        );
        fid::read(&File::of("a.dx", text.as_bytes()).path()).unwrap()
    };
    let middle = |fid: &Fid| (fid.carrier_mhz / fid.reference_mhz - 1.0) * 1e6;
    let hertz = "##XUNITS= HZ\n##FIRSTX= 999\n##LASTX= 0\n";
    for reference in [
        "##.SHIFT REFERENCE= INTERNAL, , 1, 9.99\n",
        "##.SHIFT REFERENCE= (INTERNAL, , 0, 9.99)\n",
        "##$OFFSET= 9.99\n",
    ] {
        let read = spectrum(&format!("{hertz}{reference}"));
        assert!((middle(&read) - 5.0).abs() < 0.011, "{reference}: {}", middle(&read));
        assert!(read.calibrated_mhz.is_some());
    }
    let shifted = spectrum(&format!("{hertz}##$OFFSET= 12\n"));
    assert!((middle(&shifted) - 7.01).abs() < 0.011, "{}", middle(&shifted));
    let own = spectrum("##XUNITS= HZ\n##FIRSTX= 899\n##LASTX= -100\n##$OFFSET= 12\n");
    assert!((middle(&own) - 4.0).abs() < 0.011, "{}", middle(&own));
    let unknown = spectrum(hertz);
    assert!(unknown.calibrated_mhz.is_none());
    assert!((middle(&unknown) - 5.0).abs() < 0.011);
}

/// Whose axis was guessed is no witness for one.
#[test]
fn a_spectrum_without_an_axis_of_its_own_speaks_for_none() {
    let found = |axis: &str| {
        let text = format!(
            "##TITLE= s\n##DATA TYPE= NMR SPECTRUM\n##.OBSERVE NUCLEUS= ^1H\n\
             ##.OBSERVE FREQUENCY= 100\n##XUNITS= HZ\n##FIRSTX= 3\n##LASTX= 0\n##NPOINTS= 4\n\
             {axis}##XYDATA= (X++(Y..Y))\n3 1 2\n1 3 4\n##END=\n"
        );
        let file = File::of("a.dx", text.as_bytes());
        fid::vendor_spectrum(&file.path(), &Nucleus::Proton).unwrap()
    };
    assert_eq!(found(""), None);
    assert!(found("##$OFFSET= 9.99\n").is_some_and(|spectrum| spectrum.real.len() == 4));
}

/// A structure, its assignments, its list of peaks and its spectrum, as programs link them.
#[test]
fn the_one_spectrum_is_found_beside_lists_of_peaks() {
    let block = |kind: &str, rest: &str| {
        format!(
            "##TITLE= x\n##DATA TYPE= {kind}\n##.OBSERVE NUCLEUS= ^1H\n##.OBSERVE FREQUENCY= 300\n{rest}##END= $$ end\n"
        )
    };
    let points =
        "##XUNITS= PPM\n##FIRSTX= 9\n##LASTX= 0\n##NPOINTS= 4\n##XYDATA= (X++(Y..Y))\n9 1 2 3 4\n";
    let text = format!(
        "##TITLE= all $$ link\n##DATA TYPE= LINK\n##BLOCKS= 4\n\
         ##TITLE= s\n##JCAMP-CS= 3.7\n##ATOMLIST=\n1 C 3\n##$MOLFILE=\n  1  0\n##END=\n{}{}{}##END=\n",
        block("NMR PEAK ASSIGNMENTS", "##PEAK ASSIGNMENTS= (XYMA)\n(1, 2, <3>)\n"),
        block("NMR SPECTRUM", "##DATA CLASS= PEAK TABLE\n##PEAK TABLE= (XY..XY)\n1, 2\n"),
        block("NMR SPECTRUM", points),
    );
    let read = fid::read(&File::of("a.dx", text.as_bytes()).path()).unwrap();
    assert_eq!(read.origin, Origin::Spectrum);
}

#[test]
fn evenly_spaced_pairs_are_a_spectrum_and_others_a_list_of_peaks() {
    let table = |x: &dyn Fn(usize) -> f64| {
        let pairs: String = (0..1001).map(|k| format!("{} {}\n", x(k), (k * k) % 97)).collect();
        let text = format!(
            "##TITLE= x\n##DATA TYPE= NMR SPECTRUM\n##.OBSERVE NUCLEUS= ^NUC_1H\n\
             ##.OBSERVE FREQUENCY= 400\n##XUNITS= d (ppm)\n##NPOINTS= 1001\n\
             ##PEAK TABLE= (XY..XY)\n{pairs}##END=\n"
        );
        fid::read(&File::of("a.jdx", text.as_bytes()).path())
    };
    let read = table(&|k| -1.0 + 0.01 * k as f64).unwrap();
    assert_eq!((read.origin, &read.nucleus), (Origin::Spectrum, &Nucleus::Proton));
    assert!((read.sweep_width_hz - 10.01 * 400.0).abs() < 1e-6, "{}", read.sweep_width_hz);
    let list = table(&|k| 0.01 * k as f64 + if k % 7 == 0 { 0.004 } else { 0.0 });
    assert!(list.unwrap_err().to_string().contains("a list of peaks"));
}
