//! Any bytes as a frame of a tab: awareness, sync or ours, it is read or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tablee_live::protocol;

fuzz_target!(|bytes: &[u8]| {
    let _ = protocol::is_awareness(bytes);
    let _ = protocol::decode(bytes);
});
