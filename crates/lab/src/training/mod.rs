//! What the training runs share: the loop over epochs, the optimiser, checkpoints, the model card.

mod adamw;
mod augmentation;
mod card;
mod checkpoint;
mod run_log;
mod schedule;
mod start;
mod trainer;

pub(crate) use adamw::AdamW;
pub(crate) use augmentation::{among_isomers, random, shown, shuffled};
pub(crate) use card::{LICENCE, digest, split, write_card};
pub(crate) use checkpoint::{
    CHECKPOINT_FILE, PRETRAINING_FILE, Weights, copy_weights, detached, halved, stored, trained,
    write_tensors,
};
pub(crate) use schedule::{OneCycle, Rate};
pub(crate) use start::EarlierWeights;
pub(crate) use trainer::{EpochLoss, Stage, StepLoss, Trainer, Validated, train_epochs};
