//! What only the inside can see: the nets under the lint, and the cache.

use super::*;
