# Orders to PowerOffice Go, every @@every minutes, whether somebody is logged on or not, of the shop
# @@url
# In a PowerShell that was started as administrator:
#   woo2po schedule windows | Out-String | Invoke-Expression
$run = @{
    Execute = @@program
    Argument = @@arguments
    WorkingDirectory = @@folder
}
$times = @{
    Once = $true
    At = (Get-Date -Hour 0 -Minute @@minute -Second @@second)
    RepetitionInterval = (New-TimeSpan -Minutes @@every)
}
$how = @{
    MultipleInstances = 'IgnoreNew'
    ExecutionTimeLimit = (New-TimeSpan -Hours 6)
    StartWhenAvailable = $true
    AllowStartIfOnBatteries = $true
    DontStopIfGoingOnBatteries = $true
}
$task = @{
    TaskName = @@name
    TaskPath = '\woo2po\'
    Action = (New-ScheduledTaskAction @run)
    Trigger = (New-ScheduledTaskTrigger @times)
    Settings = (New-ScheduledTaskSettingsSet @how)
    Principal = (New-ScheduledTaskPrincipal -UserId @@user -LogonType S4U)
}
Register-ScheduledTask @task -Force
# -- daily --
# Payouts, once a day.
$run.Argument = @@fetch
$task.Action = (New-ScheduledTaskAction @run)
$task.Trigger = (New-ScheduledTaskTrigger -Daily -At (Get-Date -Hour 7 -Minute @@minute -Second @@second))
$task.TaskName = @@payouts
Register-ScheduledTask @task -Force
