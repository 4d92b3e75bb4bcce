//! stub
use crate::verdict::Step;
/// stub
pub struct Decoded {
    /// stub
    pub span: std::ops::Range<usize>,
    /// stub
    pub text: String,
    /// stub
    pub step: Step,
}
/// stub
pub fn each(_text: &str, _budget: &mut usize, _found: &mut dyn FnMut(Decoded)) -> bool {
    true
}
