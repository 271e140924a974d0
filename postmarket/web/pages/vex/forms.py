"""What people say when a supplier's VEX comes in, and when it counts no longer."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

MOST_BYTES = 16 * 2**20


class ReceiveForm(forms.Form):
    """A supplier's VEX file."""

    file = forms.FileField(
        label="VEX",
        help_text="CSAF, OpenVEX or CycloneDX, as JSON, at most 16 MiB. Which of them it is, is seen from the file.",
    )
    why = forms.CharField(label="Where it comes from", max_length=1000, help_text="As: sent by their PSIRT, 24 Nov.")

    def clean_file(self) -> UploadedFile[bytes]:
        """Not larger than a document people write."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                f"It has {file.size:,} bytes, and {MOST_BYTES:,} is the most. Ask for one product at a time."
            )
        return file


class WithdrawForm(forms.Form):
    """Why a document counts no longer."""

    why = forms.CharField(label="Why does it count no longer?", max_length=1000, help_text="It stands in the records.")
