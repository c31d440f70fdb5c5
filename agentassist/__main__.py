"""The program as `python -m agentassist`, for who starts it where its script may not be found."""

from agentassist.cli import main

if __name__ == "__main__":
    main()
