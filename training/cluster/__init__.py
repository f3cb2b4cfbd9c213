"""A training on several devices of a machine or on a Ray cluster: starts it, schedules nothing.

**Several devices.** `processes` starts a trainer for each; `training.lora.device` shares the work.

**Ray.** `driver` runs where the training was started. The examples and the last checkpoint travel
through Ray's object store; progress, checkpoints and the adapter come back through an actor, the
`letterbox`. So the machines share no folder: the run's folder stays the driver's. They need this
package, as their Python's own, and the model: the embedded one, an id of the hub, or a folder at
the same place everywhere.
"""
