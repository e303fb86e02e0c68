//! Candidate libraries: import, predicted shifts kept beside the structures, search.
