//! How much reading may allocate at once, and how long it may take.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// An allocation may be so many times as large as the file...
const TIMES: usize = 4;
/// ...and this much in any case.
const ALWAYS: usize = 1 << 20;
/// Processor time that one inspection or one reading may take, seconds.
const MOST_SECONDS: f64 = 1.0;

/// The system's allocator, which notes the largest block asked for.
struct Noting;

static LARGEST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is handed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Noting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LARGEST.fetch_max(size, Ordering::Relaxed);
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Noting = Noting;

/// Runs what reads files of at most so many bytes and holds it to the limits.
pub fn hold<T>(size: usize, read: impl FnOnce() -> T) -> T {
    LARGEST.store(0, Ordering::Relaxed);
    let start = seconds();
    let value = read();
    let taken = seconds() - start;
    let largest = LARGEST.load(Ordering::Relaxed);
    assert!(
        largest <= (TIMES * size).max(ALWAYS),
        "a block of {largest} bytes for files of {size} bytes"
    );
    assert!(taken <= MOST_SECONDS, "{taken} s of processor time");
    value
}

/// Processor time of this thread: other work on the machine does not count.
fn seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the clock writes to the time it is given, which outlives the call.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
