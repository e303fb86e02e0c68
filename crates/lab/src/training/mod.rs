//! What the training runs share: the loop over epochs, the optimiser, checkpoints, the model card.

mod adamw;
mod augmentation;
mod card;
mod checkpoint;
mod run_log;
mod schedule;
mod trainer;

pub(crate) use adamw::AdamW;
pub(crate) use augmentation::{random, shaken, shown, shuffled};
pub(crate) use card::{LICENCE, digest, write_card};
pub(crate) use checkpoint::{
    CHECKPOINT_FILE, PRETRAINING_FILE, Weights, detached, halved, trained, write_tensors,
};
pub(crate) use schedule::{OneCycle, Rate};
pub(crate) use trainer::{EpochLoss, Stage, StepLoss, Trainer, Validated, train_epochs};
