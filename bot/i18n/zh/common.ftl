### 到处用到的词。术语固定，见 CONTRIBUTING 的词汇表；对读者称“你”。

## 任务

job-state = { $state ->
    [waiting] 排队中
    [running] 运行中
    [stopping] 停止中
    [succeeded] 成功
    [failed] 失败
    [stopped] 已停止
    [retrying] 重试中
   *[unknown] 状态未知
}
job-icon = { $state ->
    [waiting] ⏳
    [running] ▶️
    [stopping] ⏹
    [succeeded] ✅
    [failed] ❌
    [stopped] ⏹
    [retrying] 🔁
   *[unknown] ❔
}

## 系统

system-name = { $system ->
    [openpai] OpenPAI
    [harbor] Harbor
    [storage] 存储服务器
    [prometheus] Prometheus
    [telegram] Telegram
    [registry] 镜像仓库
   *[other] { $system }
}

## 单位

unit-day = { $count } 天
unit-hour = { $count } 小时
unit-minute = { $count } 分钟
unit-second = { $count } 秒
ago-then = { $duration }前
ago-now = 刚刚

## 按钮

button-yes = 是
button-no = 否
button-cancel = 取消
button-back = 返回
button-next = 下一页
button-previous = 上一页
button-refresh = 刷新
button-close = 关闭
button-edit = 修改
button-submit = 提交
button-submit-anyway = 仍要提交
button-log = 日志
button-stop = 停止
button-portal = 网页
button-help = 帮助
