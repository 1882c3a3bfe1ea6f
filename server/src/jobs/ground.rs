//! What a runner asks of one cluster. Tests have one of their own.

mod act;
mod look;

use app::console::Pending;
use kafka::{Handle, Mover};
use model::Fault;
use model::job::action::{Action, Performed};
use model::job::seen::{Needs, Seen};

/// A cluster whose partitions can be moved.
pub trait Ground: Send + Sync + 'static {
    /// Reads it now. What could not be read is left out.
    ///
    /// # Errors
    /// Nothing could.
    fn look<'a>(&'a self, needs: &'a Needs) -> Pending<'a, Result<Seen, Fault>>;

    /// Sends it, once. Items that never left are left out of the answer.
    fn perform<'a>(&'a self, action: &'a Action) -> Pending<'a, Performed>;
}

/// A real cluster.
pub struct KafkaGround {
    handle: Handle,
    mover: Mover,
}

impl KafkaGround {
    pub fn new(handle: Handle) -> Self {
        Self { mover: Mover::new(&handle), handle }
    }
}

impl Ground for KafkaGround {
    fn look<'a>(&'a self, needs: &'a Needs) -> Pending<'a, Result<Seen, Fault>> {
        // Pages show what moves, also while nobody looks.
        self.handle.touch();
        Box::pin(async move { look::look(&self.mover, &self.handle.snapshot(), needs).await })
    }

    fn perform<'a>(&'a self, action: &'a Action) -> Pending<'a, Performed> {
        Box::pin(act::perform(&self.mover, action))
    }
}
