import { airflow } from './targets/airflow.ts';
import { argoEvents } from './targets/argo-events.ts';
import { argoWorkflows } from './targets/argo-workflows.ts';
import { githubRepositoryDispatch, githubWorkflowDispatch } from './targets/github.ts';
import { kubeflowPipelines } from './targets/kubeflow-pipelines.ts';
import { sagemakerPipeline } from './targets/sagemaker-pipeline.ts';
import { webhook } from './targets/webhook.ts';

/** Every kind of system that can be asked for a new model, by its key in a target's options. */
export const RETRAINING_TARGETS = {
  webhook,
  airflow,
  github_workflow_dispatch: githubWorkflowDispatch,
  github_repository_dispatch: githubRepositoryDispatch,
  argo_workflows: argoWorkflows,
  argo_events: argoEvents,
  kubeflow_pipelines: kubeflowPipelines,
  sagemaker_pipeline: sagemakerPipeline,
} as const;
