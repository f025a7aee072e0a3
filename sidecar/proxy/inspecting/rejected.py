"""What ends an upload that the verdict refuses."""

from sidecar.inspection.finding import Finding


class RejectedError(Exception):
    """The verdict refuses the upload.

    Attributes:
        finding: what the client reads.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason.code)
        self.finding = finding
