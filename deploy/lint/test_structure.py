"""What structure.py promises, on small trees of its own."""

import pathlib
import tempfile
import unittest

import structure


def tree(files):
    root = pathlib.Path(tempfile.mkdtemp())
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


class Structure(unittest.TestCase):
    def test_two_modules_that_import_each_other_are_a_cycle(self):
        root = tree({"lib.rs": "mod a;\nmod b;", "a.rs": "use super::b::B;", "b.rs": "use crate::a::A;"})
        self.assertEqual(structure.module_cycles(root), [["a", "b"]])

    def test_a_long_way_round_through_nested_imports_is_a_cycle(self):
        files = {
            "lib.rs": "pub mod a;",
            "a/mod.rs": "mod b;\nmod c;\npub mod d;",
            "a/b.rs": "use super::{c::{C, D as E}, X};",
            "a/c.rs": "fn f() -> crate::a::d::D { todo!() }",
            "a/d/mod.rs": "use super::super::a::b;",
        }
        self.assertEqual(structure.module_cycles(tree(files)), [["a::b", "a::c", "a::d"]])

    def test_tests_and_comments_make_no_cycle(self):
        b = "// use super::a::A;\n#[cfg(test)]\nmod tests {\n    use super::super::a::A;\n}\n"
        root = tree({"lib.rs": "mod a;\nmod b;", "a.rs": "use super::b::B;", "b.rs": b})
        self.assertEqual(structure.module_cycles(root), [])

    def test_a_parent_may_use_its_children_and_show_them_what_it_has(self):
        root = tree({"lib.rs": "pub mod a;", "a/mod.rs": "mod b;\nuse self::b::B;", "a/b.rs": "use super::A;"})
        self.assertEqual(structure.module_cycles(root), [])

    def test_a_crate_uses_only_those_below_it(self):
        self.assertEqual(structure.wrong_uses("larmor-store", {"larmor-nmr"}), [])
        self.assertEqual(len(structure.wrong_uses("larmor", {"larmor-lab"})), 1)
        self.assertEqual(len(structure.wrong_uses("larmor-new", set())), 1)


if __name__ == "__main__":
    unittest.main()
