"""What leaves the house and comes back: OA by web address or folder, and mail. Adapters only; when and what is decided above."""
