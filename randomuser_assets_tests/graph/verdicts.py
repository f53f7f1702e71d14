"""What the checks of a run said, by table and name."""

from dagster import AssetCheckEvaluation, ExecuteInProcessResult

from randomuser_assets_tests.graph.tamperings import CheckName


def evaluated(result: ExecuteInProcessResult) -> dict[CheckName, AssetCheckEvaluation]:
    """Give what each check said that was asked."""
    return {
        (evaluation.asset_key.to_user_string(), evaluation.check_name): evaluation
        for evaluation in result.get_asset_check_evaluations()
    }


def failed(result: ExecuteInProcessResult) -> set[CheckName]:
    """Give the checks that failed, whether they block or warn."""
    return {name for name, evaluation in evaluated(result).items() if not evaluation.passed}
