/** Functions that every script has; ruff's formatter leaves them as they are. */
export const sharing = `class Sum(torch.autograd.Function):
    """The sum of a tensor over all processes; gradients add up in the same way."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        total = x.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.clone()
        dist.all_reduce(total)
        return total


def of_all_processes(sums: Tensor) -> Tensor:
    """While training, sums of this process to those of all: a loss is that of the whole
    batch, however many share it. Validation looks at each image by itself.
    """
    if not (dist.is_initialized() and torch.is_grad_enabled()):
        return sums
    total: Tensor = Sum.apply(sums)  # type: ignore[no-untyped-call]
    return total`;
